"""The words that were looked for are marked, whatever alphabet or sign stands beside them."""

from __future__ import annotations

import pytest

from search.analysis import Analyser
from search.engines.interface import Clause
from search.highlighting import Wanted, marked


def marks(text: str, *typed: str) -> list[str]:
    analyser = Analyser("de")
    clauses = [Clause("joined", analyser.word(word.lower()).stem) for word in typed]
    return [piece.text for piece in marked(text, Wanted.of(clauses, analyser)) if piece.is_match]


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("„Köln“ und KÖLN, nicht Kolumbien", "Köln", ["Köln", "KÖLN"]),
        ("Die Straßen der STRASSE", "Straße", ["Straßen", "STRASSE"]),
        ("Wer in İzmir „Förderung“ sucht", "Förderung", ["Förderung"]),
        ("Москва – „Москва“, сегодня", "Москва", ["Москва", "Москва"]),
        ("Jugend\u00adhilfe heißt Jugend", "Jugendhilfe", ["Jugend\u00adhilfe"]),
        ("Ein Haus ohne das Wort", "Förderung", []),
    ],
)
def test_wanted_words_are_marked_in_any_alphabet(text: str, typed: str, found: list[str]) -> None:
    assert marks(text, typed) == found
