"""From what somebody typed to what an engine is asked: any word may match, the rank decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from search.analysis import Word, stop_words, words_in
from search.engines.interface import Clause

LONGEST_TEXT = 200
MOST_WORDS = 16
TITLE, JOINED, EXACT, PART, PAIR = 0.5, 1.0, 0.5, 0.75, 0.75
PREFIX, SYNONYM, CORRECTED = 0.25, 0.6, 0.6
QUOTED = re.compile(r"(-?)[\"„“”»«]([^\"„“”»«]+)[\"„“”»«]")
MINUS = re.compile(r"(?:^|\s)-(?=[^\W_])(\S+)")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
Group = tuple[frozenset[str], tuple[Word, ...]]  # who typed all these stems also means these words


@dataclass(frozen=True)
class Parsed:
    """The words of a query, what must occur word for word, and what must not."""

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was asked for; exclusions alone ask for nothing."""
        return not self.words and not self.phrases


def parse(text: str) -> Parsed:
    """Read a query: quoted phrases, `-word`, words. Whatever else is in it only separates words."""
    text = CONTROL.sub(" ", text[: LONGEST_TEXT * 2])[:LONGEST_TEXT]
    phrases: list[tuple[str, ...]] = []
    excluded: list[str] = []
    for minus, quoted in QUOTED.findall(text):
        inside = tuple(words_in(quoted))[:MOST_WORDS]
        if minus:
            excluded.extend(inside)
        elif inside:
            phrases.append(inside)
    rest = QUOTED.sub(" ", text)
    for word in MINUS.findall(rest):
        excluded.extend(words_in(word))
    words = words_in(MINUS.sub(" ", rest))[:MOST_WORDS]
    return Parsed(tuple(dict.fromkeys(words)), tuple(phrases[:MOST_WORDS]), tuple(excluded[:MOST_WORDS]))


def meaningful(words: Sequence[str], locale: str) -> list[str]:
    """Leave out words that say nothing, unless there are no others."""
    common = stop_words(locale)
    return [word for word in words if word not in common] or list(words)


def clauses(
    words: Iterable[Word],
    synonyms: Iterable[Group],
    *,
    pairs: Iterable[str] = (),
    prefixed: Iterable[str] = (),
    corrected: Iterable[Word] = (),
) -> list[Clause]:
    """Return what may match: each word's stem, base, parts and surface, and neighbours that are neighbours there too."""
    found: dict[tuple[str, str], Clause] = {}
    words = list(words)
    for word in words:
        _add(found, word, 1.0)
    stems = {word.stem for word in words}
    for needed, others in synonyms:
        if needed <= stems:
            for other in others:
                _add(found, replace(other, parts=()), SYNONYM)  # a part of another word is too far off
    for word in corrected:
        _add(found, word, CORRECTED)
    for pair in pairs:
        _keep(found, Clause("pairs", pair, PAIR))
    for surface in prefixed:
        _keep(found, Clause("exact", surface, PREFIX))
    return list(found.values())


def _add(found: dict[tuple[str, str], Clause], word: Word, share: float) -> None:
    _keep(found, Clause("title", word.stem, TITLE * share))
    _keep(found, Clause("exact", word.surface, EXACT * share))
    for token in (word.stem, *word.bases):
        _keep(found, Clause("joined", token, JOINED * share))
    for token in word.parts:
        _keep(found, Clause("joined", token, PART * share, is_part=True))


def _keep(found: dict[tuple[str, str], Clause], clause: Clause) -> None:
    key = (clause.field, clause.token)
    if key not in found or found[key].weight < clause.weight:
        found[key] = clause
