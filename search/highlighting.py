"""Marks what was searched for and finds the passage of a text that shows most of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from search.analysis import Analyser, fold
from search.engines.interface import Clause, Fragment

LONGEST_READ = 30_000
PASSAGE = 240
LEAD_IN = 60
BEGINNING = 4  # letters of a stem that every form of its word has
JOINERS = "\u00ad’'*:"
REST_OF_WORD = re.compile(rf"(?:[^\W_]+|[{JOINERS}])*")
WITHOUT_MARKS = str.maketrans("àáâäãåçèéêëìíîïñòóôöõùúûüýÿß", "aaaaaaceeeeiiiinooooouuuuyys")
LATIN = bytes(range(256)).decode("latin-1")
BARE = LATIN.lower().translate(WITHOUT_MARKS).encode("latin-1")


@dataclass(frozen=True)
class Wanted:
    """What is looked for: stems of words, with the analyser that makes them; parts count as half."""

    analyser: Analyser
    stems: frozenset[str]
    parts: frozenset[str]

    @classmethod
    def of(cls, clauses: Iterable[Clause], analyser: Analyser) -> Wanted:
        """Return what an engine was asked for, synonyms, better spellings and half-typed words included."""
        asked = list(clauses)
        stems = {clause.token for clause in asked if clause.field in ("title", "joined") and not clause.is_part}
        stems |= {analyser.stem(clause.token) for clause in asked if clause.field == "exact"}
        parts = {clause.token for clause in asked if clause.is_part}
        return cls(analyser, frozenset(stems), frozenset(parts - stems))

    @cached_property
    def beginnings(self) -> re.Pattern[bytes]:
        """Find the first letters of everything wanted: only words that hold some are worth taking apart.

        Letters of other alphabets look like quotes here, so each place is tried, also inside of what was found.
        """
        found = {bare(token[:BEGINNING]) for token in (*self.stems, *self.parts)}
        either = b"|".join(re.escape(letters) for letters in sorted(found))
        return re.compile(b"(?=%b)" % either if b"?" in either else either)

    @cached_property
    def known(self) -> dict[str, tuple[float, str]]:
        """Keep (weight, folded form) of the words seen so far: the hits of one search share most of them."""
        return {}

    def weight(self, text: str) -> float:
        """Return how much a word of a text is wanted, 0 for not at all."""
        lower = text.lower() if text.isalnum() else re.sub("[\u00ad*:]", "", text).lower()
        word = self.analyser.word(lower)
        tokens = {word.stem, *word.bases}
        if tokens & self.stems:
            return 1.0
        if self.stems.intersection(word.parts):
            return 0.75
        return 0.4 if self.parts & {word.stem, *word.parts} else 0.0


Match = tuple[int, int, float, str]


def bare(text: str) -> bytes:
    """Return a text in small letters without their marks, each one byte; those of other alphabets are all "?"."""
    return text.encode("latin-1", "replace").translate(BARE)


def matches(text: str, wanted: Wanted) -> list[Match]:
    """Return (start, end, weight, word) of each wanted word of a text."""
    if not wanted.stems:
        return []
    found: list[Match] = []
    known, last = wanted.known, 0
    for begun in wanted.beginnings.finditer(bare(text)):
        start = begun.start()
        if start >= last and text[start].isalnum():
            start, last = _whole_word(text, start)
            word = text[start:last]
            if word not in known:
                known[word] = (wanted.weight(word), fold(word))
            if known[word][0]:
                found.append((start, last, *known[word]))
    return found


def _whole_word(text: str, start: int) -> tuple[int, int]:
    """Return where the word begins and ends of which a letter was found."""
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in JOINERS):
        start -= 1
    end = REST_OF_WORD.match(text, start).end()  # type: ignore[union-attr]  # it matches nothing, too
    while text[start] in JOINERS:
        start += 1
    while text[end - 1] in JOINERS:
        end -= 1
    return start, end


def marked(text: str, wanted: Wanted) -> list[Fragment]:
    """Return a text in pieces, the wanted words marked."""
    return _pieces(text, matches(text, wanted), 0, len(text))


def best_passage(lead: str, text: str, wanted: Wanted) -> list[Fragment]:
    """Return the passage that shows most different wanted words, early ones first; the lead where there is none."""
    whole = f"{lead}\n{text}".strip()[:LONGEST_READ]
    found = matches(whole, wanted)
    start = _best_start(found)
    begin = _sentence_start(whole, max(0, start - LEAD_IN), start)
    end = _word_end(whole, begin + PASSAGE)
    pieces = _pieces(whole, [match for match in found if begin <= match[0] and match[1] <= end], begin, end)
    before = [Fragment("… ")] if begin > 0 else []
    return [*before, *pieces, *([Fragment(" …")] if end < len(whole) else [])]


def _best_start(found: Sequence[Match]) -> int:
    best, best_start, last = 0.0, 0, 0
    most = sum({match[3]: match[2] for match in found}.values())  # no passage can show more
    for number, match in enumerate(found):
        last = max(last, number)
        while last + 1 < len(found) and found[last + 1][1] <= match[0] + PASSAGE - LEAD_IN:
            last += 1
        weights: dict[str, float] = {}
        for _start, _end, weight, word in found[number : min(last + 1, number + 40)]:
            weights[word] = max(weights.get(word, 0.0), weight)
        score = sum(weights.values())
        if score > best:
            best, best_start = score, match[0]
            if best >= most:
                break
    return best_start


def _sentence_start(text: str, earliest: int, start: int) -> int:
    """Return where the passage begins: after the last end of a sentence in reach, else after a space."""
    if start == 0:
        return 0
    for sign in ("\n", ". ", "! ", "? ", ": "):
        place = text.rfind(sign, earliest, start)
        if place >= 0:
            return place + len(sign)
    if earliest == 0:
        return 0
    space = text.find(" ", earliest, start)
    return space + 1 if space >= 0 else start


def _word_end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", max(0, end - 40), end)
    return space if space > 0 else end


def _pieces(text: str, found: Sequence[Match], begin: int, end: int) -> list[Fragment]:
    pieces, place = [], begin
    for start, stop, _weight, _word in found:
        if start > place:
            pieces.append(Fragment(text[place:start]))
        pieces.append(Fragment(text[start:stop], is_match=True))
        place = stop
    if place < end:
        pieces.append(Fragment(text[place:end]))
    return pieces
