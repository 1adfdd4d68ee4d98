"""Parts of German compounds, found with the words of the site itself: no dictionary knows its subject better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log

SHORTEST_PART = 4
SHORT_TAILS = frozenset({"amt", "bad", "bau", "bus", "hof", "ort", "rat", "see", "tag", "weg", "zug"})
SHORTEST_COMPOUND = 7
LONGEST_COMPOUND = 45
LINKS = ("", "s", "es", "n", "en", "er", "e")
Known = Mapping[str, int]


def split(word: str, known: Known, stems: Known, stem: Callable[[str], str]) -> list[str]:
    """Return the parts of a compound when known words and linking letters cover it whole, else nothing.

    Of several ways the one with the fewest parts wins, then the one with the more frequent words. Parts that are
    compounds themselves are given with their own parts.
    """
    if not SHORTEST_COMPOUND <= len(word) <= LONGEST_COMPOUND:
        return []
    best = _best(word, known, stems, stem, {})
    if best is None:
        return []
    parts: list[str] = []
    for part in best[1]:
        parts.append(part)
        parts.extend(split(part, known, stems, stem))
    return list(dict.fromkeys(parts))


Way = tuple[tuple[int, float], tuple[str, ...]]


def _best(word: str, known: Known, stems: Known, stem: Callable[[str], str], seen: dict[str, Way | None]) -> Way | None:
    """Return (cost, parts) of the best way to cover the word with two or more parts."""
    if word in seen:
        return seen[word]
    seen[word] = None
    best: Way | None = None
    for end in range(SHORTEST_PART, len(word) - min(map(len, SHORT_TAILS)) + 1):
        head = known_head(word[:end], known)
        if head is None:
            continue
        for tail in _tails(word[end:]):
            rest = _cover(tail, known, stems, stem, seen)
            if rest is not None:
                way = ((rest[0][0] + 1, rest[0][1] - log(known[head])), (head, *rest[1]))
                best = min(best, way) if best is not None else way
    seen[word] = best
    return best


def _cover(
    tail: str, known: Known, stems: Known, stem: Callable[[str], str], seen: dict[str, Way | None]
) -> Way | None:
    """Return the way to cover what follows a head: as one known word in any inflection, or as a compound again."""
    if tail in known or tail in SHORT_TAILS:
        return (1, -log(known.get(tail, 1))), (tail,)
    if (root := stem(tail)) in stems and len(root) >= SHORTEST_PART:
        return (1, -log(stems[root])), (tail,)
    return _best(tail, known, stems, stem, seen)


def known_head(head: str, known: Known) -> str | None:
    """Return the known word that a part stands for: itself, or the word whose last `e` the compound drops."""
    if head in known:
        return head
    return head + "e" if head + "e" in known and len(head) >= SHORTEST_PART else None


def _tails(rest: str) -> list[str]:
    tails = (rest.removeprefix(link) for link in LINKS if rest.startswith(link))
    return [tail for tail in tails if len(tail) >= SHORTEST_PART or tail in SHORT_TAILS]


def greedy_parts(word: str, known: Known) -> list[str]:
    """Return the longest known words inside, from left to right; for ranking only, they need not cover the word."""
    if not 2 * SHORTEST_PART <= len(word) <= LONGEST_COMPOUND:
        return []
    parts, start = [], 0
    while start <= len(word) - SHORTEST_PART:
        part = next(
            (
                word[start:end]
                for end in range(len(word), start + SHORTEST_PART - 1, -1)
                if end - start < len(word) and word[start:end] in known
            ),
            None,
        )
        if part:
            parts.append(part)
        start += len(part) if part else 1
    return parts
