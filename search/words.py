"""The words of the site per language: counted from its documents, kept in the database, used by every engine."""

from __future__ import annotations

import json
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from cms.version import kept
from search.analysis import DATA, Analyser, language_of, words_in
from search.models import Lexicon, SearchDocument, Synonyms
from search.parsing import Group

KEPT_GENERATIONS = 3
CHUNK = 500
SEARCH = "search"  # the counter of everything that changes an answer
_analysers: dict[tuple[str, int], Analyser] = {}
_lock = threading.Lock()


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Return in how many texts each word occurs."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(words_in(text)))
    return counts


def latest(locale: str) -> int:
    """Return the newest generation of words of a language, 0 while there is none."""
    row = Lexicon.objects.filter(locale=locale).order_by("-generation").values_list("generation", flat=True).first()
    return row or 0


def refresh(locale: str) -> int:
    """Count the words of all documents of a language anew and return the new generation."""
    rows = SearchDocument.objects.filter(locale=locale).values_list("title", "lead", "text", "words")
    counts = count_words("\n".join(row) for row in rows.iterator(CHUNK))
    packed = zlib.compress(json.dumps(counts, ensure_ascii=False).encode())
    lexicon = Lexicon.objects.create(locale=locale, words=packed, documents=rows.count())
    old = Lexicon.objects.filter(locale=locale).order_by("-generation").values_list("pk", flat=True)
    Lexicon.objects.filter(pk__in=list(old[KEPT_GENERATIONS:])).delete()
    return lexicon.generation


def unpack(packed: bytes) -> Mapping[str, int]:
    """Return the words of a lexicon with the number of their documents."""
    words: dict[str, int] = json.loads(zlib.decompress(bytes(packed)))
    return words


def analyser(locale: str, generation: int) -> Analyser:
    """Return the analyser of a language with the words of one generation, made once per process."""
    key = (locale, generation)
    with _lock:
        if key not in _analysers:
            row = Lexicon.objects.filter(pk=generation, locale=locale).first() if generation else None
            for old in [other for other in _analysers if other[0] == locale][: 1 - KEPT_GENERATIONS]:
                del _analysers[old]
            _analysers[key] = Analyser(locale, unpack(row.words) if row else None)
        return _analysers[key]


def synonyms(locale: str, analysed: Analyser) -> list[Group]:
    """Return what editors say means the same."""
    return grouped(kept(("synonyms", locale), lambda: _groups(locale), SEARCH), analysed)


def seed_synonyms(locale: str) -> list[list[str]]:
    """Return the groups that every installation starts with."""
    file = DATA / f"synonyms.{language_of(locale)}.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    return [[term.strip() for term in line.split(",")] for line in lines if line.strip()]


def grouped(groups: Iterable[Sequence[str]], analysed: Analyser) -> list[Group]:
    """Return for each term of a group its stems and the words of the other terms."""
    found = []
    for group in groups:
        terms = [analysed.analyse(term) for term in group]
        for number, term in enumerate(terms):
            others = [word for place, other in enumerate(terms) if place != number for word in other]
            if term:
                found.append((frozenset(word.stem for word in term), tuple(others)))
    return found


def _groups(locale: str) -> list[list[str]]:
    return [row.terms for row in Synonyms.objects.filter(locale=locale)]


def forget() -> None:
    """Forget what this process has loaded (tests)."""
    _analysers.clear()
