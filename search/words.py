"""The words of the site per language: counted from its documents, kept in the database, used by every engine."""

from __future__ import annotations

import json
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping

from cms.version import kept
from search.analysis import Analyser, Word, words_in
from search.models import Lexicon, SearchDocument, Synonyms

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


def synonyms(locale: str, analysed: Analyser) -> dict[str, list[Word]]:
    """Return for the stem of each word the other words of its groups."""
    groups = kept(("synonyms", locale), lambda: _groups(locale), SEARCH)
    found: dict[str, list[Word]] = {}
    for group in groups:
        terms = [analysed.analyse(term) for term in group]
        for number, term in enumerate(terms):
            if len(term) == 1:  # several words are found by synonyms of one, not the other way round
                others = [word for place, other in enumerate(terms) if place != number for word in other]
                found.setdefault(term[0].stem, []).extend(others)
    return found


def _groups(locale: str) -> list[list[str]]:
    return [row.terms for row in Synonyms.objects.filter(locale=locale)]


def forget() -> None:
    """Forget what this process has loaded (tests)."""
    _analysers.clear()
