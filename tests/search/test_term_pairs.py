"""German words that must find each other, and words that must not, with the words of a small site."""

from __future__ import annotations

from pathlib import Path

from search.analysis import Analyser
from search.words import count_words

FILE = Path(__file__).parent / "term_pairs.de.txt"


def pairs() -> list[tuple[str, str, str]]:
    """Return (sign, typed, in the text); `=` must match, `#` must not."""
    lines = [line.split() for line in FILE.read_text(encoding="utf-8").splitlines() if line and line[0] in "=#"]
    return [(sign, one, other) for sign, one, other in lines]


def site() -> Analyser:
    """The words of the text side, as a site has them, twice each."""
    texts = [other for _sign, _one, other in pairs()] + [one for _sign, one, _other in pairs()]
    return Analyser("de", count_words([" ".join(texts)] * 2))


def finds(analyser: Analyser, typed: str, text: str) -> bool:
    """Tell whether a typed word finds a word of a text: in a form of its own, or as a part that is left whole."""
    wanted = {token for word in analyser.analyse(typed) for token in (word.stem, *word.bases)}
    there = {token for word in analyser.analyse(text) for token in analyser.strict_tokens(word)}
    return bool(wanted & there)


def test_german_terms_find_what_belongs_together_and_nothing_else() -> None:
    analyser = site()
    must = [(one, other) for sign, one, other in pairs() if sign == "="]
    must_not = [(one, other) for sign, one, other in pairs() if sign == "#"]
    missed = [pair for pair in must if not finds(analyser, *pair)]
    wrong = [pair for pair in must_not if finds(analyser, *pair)]
    recall = 1 - len(missed) / len(must)
    precision = (len(must) - len(missed)) / (len(must) - len(missed) + len(wrong))

    assert len(must) + len(must_not) >= 100
    assert recall >= 0.97, missed
    assert precision >= 0.95, wrong
