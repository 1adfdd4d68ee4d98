"""Better spellings and beginnings of words, from a file per language that is made from its words.

The file holds each word with everything that is left of its first letters when one letter is taken away: a typo
and the right word meet in one of these. It is derived data; without it nothing is suggested.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from search.analysis import plain

PREFIX = 7
SHORTEST = 4
LONGEST = 40
LONG_WORD = 8  # words this long may be two typos away
SHORT_BEGINNINGS = 3
TOP = 10
OTHER_START = 0.3
SCHEMA = """
    CREATE TABLE words (number INTEGER PRIMARY KEY, surface TEXT, word TEXT, documents INTEGER);
    CREATE TABLE deletes (rest TEXT, number INTEGER, PRIMARY KEY (rest, number)) WITHOUT ROWID;
    CREATE TABLE tops (beginning TEXT, word TEXT, documents INTEGER);
"""
_local = threading.local()


def path_of(folder: Path, locale: str, generation: int) -> Path:
    """Return the file of one generation of words."""
    return folder / f"words-{locale}-{generation}.sqlite3"


def build(folder: Path, locale: str, generation: int, words: Mapping[str, int]) -> Path:
    """Make the file of a generation, whole or not at all, and remove those of older ones."""
    folder.mkdir(parents=True, exist_ok=True)
    target = path_of(folder, locale, generation)
    unfinished = target.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished)
    connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {SCHEMA}")
    _fill(connection, _by_surface(words))
    connection.commit()
    connection.close()
    unfinished.replace(target)
    for old in folder.glob(f"words-{locale}-*.sqlite3"):
        number = old.stem.rpartition("-")[2]
        if number.isdecimal() and int(number) < generation - 2:
            old.unlink(missing_ok=True)
    return target


def _by_surface(words: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return (surface, most usual spelling, documents) of words that somebody may want to type."""
    found: dict[str, tuple[int, str]] = {}
    for word, documents in words.items():
        if len(word) <= LONGEST and not word.isdecimal():
            surface = plain(word)
            found[surface] = max(found.get(surface, (0, "")), (documents, word))
    return [(surface, word, documents) for surface, (documents, word) in sorted(found.items())]


def _fill(connection: sqlite3.Connection, rows: list[tuple[str, str, int]]) -> None:
    connection.executemany(
        "INSERT INTO words VALUES (?, ?, ?, ?)", ((number, *row) for number, row in enumerate(rows, start=1))
    )
    pairs = sorted(
        (rest, number)
        for number, (surface, _word, _documents) in enumerate(rows, start=1)
        if len(surface) >= SHORTEST
        for rest in rests(surface)
    )
    connection.executemany("INSERT INTO deletes VALUES (?, ?)", pairs)
    tops: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for surface, word, documents in rows:
        for size in range(1, min(SHORT_BEGINNINGS, len(surface)) + 1):
            tops[surface[:size]].append((documents, word))
    best = ((start, word, number) for start, found in tops.items() for number, word in sorted(found)[-TOP:])
    connection.executemany("INSERT INTO tops VALUES (?, ?, ?)", best)
    connection.executescript("CREATE INDEX by_surface ON words (surface); CREATE INDEX by_start ON tops (beginning);")


def rests(surface: str) -> set[str]:
    """Return the first letters of a word, whole and with one letter taken away."""
    start = surface[:PREFIX]
    return {start, *(start[:place] + start[place + 1 :] for place in range(len(start)))}


class Spelling:
    """Reads the file of one generation; every thread has its own connection."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def knows(self, surface: str) -> bool:
        """Tell whether a word occurs on the site."""
        return any(self._rows("SELECT 1 FROM words WHERE surface = ? LIMIT 1", surface))

    def beginning_with(self, start: str, limit: int = TOP) -> list[str]:
        """Return the most frequent words that begin like this."""
        if len(start) <= SHORT_BEGINNINGS:
            rows = self._rows("SELECT word FROM tops WHERE beginning = ? ORDER BY documents DESC, word", start)
        else:
            rows = self._rows(
                "SELECT word FROM words WHERE surface >= ? AND surface < ? ORDER BY documents DESC, word LIMIT 20",
                start, start + "\U0010ffff",
            )  # fmt: skip
        return [word for (word,) in rows][:limit]

    def better(self, surface: str) -> str:
        """Return the most likely word behind a typo, "" where there is none."""
        if not SHORTEST <= len(surface) <= LONGEST:
            return ""
        rests_of_it = list(rests(surface))
        marks = ",".join("?" * len(rests_of_it))  # the statement below is made of nothing else
        found = list(
            self._rows(
                "SELECT DISTINCT words.surface, word, documents FROM deletes JOIN words USING (number) "
                f"WHERE rest IN ({marks}) AND length(words.surface) BETWEEN ? AND ?",
                *rests_of_it, len(surface) - 2, len(surface) + 2,
            )
        )  # fmt: skip
        for farthest in (1, 2) if len(surface) >= LONG_WORD else (1,):
            near = [row for row in found if row[0] != surface and is_near(surface, row[0], farthest)]
            if near:
                return str(max(near, key=lambda row: likelihood(surface, row))[1])
        return ""

    def _rows(self, statement: str, *values: Any) -> Iterator[Any]:
        connections: dict[Path, sqlite3.Connection] = _local.__dict__.setdefault("connections", {})
        if self.path not in connections:
            if not self.path.exists():
                return iter(())
            connections.clear()
            address = f"file:{self.path}?mode=ro&immutable=1"
            connections[self.path] = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            return iter(connections[self.path].execute(statement, values).fetchall())
        except sqlite3.DatabaseError:
            connections.pop(self.path, None)
            self.path.unlink(missing_ok=True)  # the worker makes it anew
            return iter(())


def likelihood(typed: str, row: Sequence[Any]) -> tuple[float, str]:
    """Return how likely a word was meant: people rarely miss the first letter, and mean what the site speaks of."""
    surface, word, documents = row
    return (documents if surface[0] == typed[0] else documents * OTHER_START, word)


def is_near(one: str, other: str, farthest: int) -> bool:
    """Tell whether two words are so few typos apart; what they begin and end with alike is not looked at."""
    if abs(len(one) - len(other)) > farthest:
        return False
    start = common_start(one, other)
    one, other = one[start:], other[start:]
    end = common_start(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    if farthest == 1:
        return max(len(one), len(other)) <= 1 or (len(one) == len(other) == 2 and one == other[::-1])
    return distance(one, other, farthest) <= farthest


def common_start(one: str, other: str) -> int:
    """Return with how many letters both begin."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def distance(one: str, other: str, farthest: int) -> int:
    """Return how many letters are wrong, missing, too much or swapped; more than `farthest` is given as one more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [place] + [0] * len(other)
        for spot, wanted in enumerate(other, start=1):
            row[spot] = min(before[spot] + 1, row[spot - 1] + 1, before[spot - 1] + (letter != wanted))
            if place > 1 and spot > 1 and letter == other[spot - 2] and one[place - 2] == wanted:
                row[spot] = min(row[spot], earlier[spot - 2] + 1)
        if min(row) > farthest:
            return farthest + 1
    return row[-1]
