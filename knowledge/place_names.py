"""From what somebody typed to rows of the register: names occur more than once, so the county is said too."""

from __future__ import annotations

from knowledge.models.municipalities import Municipality, folded

SUGGESTIONS = 12
MOST_CANDIDATES = 50


def label_of(row: Municipality) -> str:
    """Return the name with its county, as it is offered: names occur more than once."""
    return f"{row.name} ({row.county})" if row.county and row.county != row.name else row.name


def suggestions(text: str) -> list[str]:
    """Return what fits to what was typed so far."""
    rows = Municipality.objects.existing().matching(text)[:SUGGESTIONS]
    return [label_of(row) for row in rows]


def candidates(text: str) -> list[Municipality]:
    """Return the municipalities that a text may mean: one for a whole label, several for a name that is not unique."""
    wanted = text.strip().casefold()
    rows = list(Municipality.objects.existing().matching(_without_brackets(text))[:MOST_CANDIDATES])
    exact = [row for row in rows if label_of(row).casefold() == wanted]
    return exact or [row for row in rows if row.name.casefold() == wanted]


def places_meant(text: str) -> list[Municipality]:
    """Return the places on the map that a text may mean, towns before unions and counties of the same name.

    More forgiving than `candidates`: umlauts need not be typed, and the beginning of a name is a question.
    """
    rows = list(Municipality.objects.existing().matching(_without_brackets(text))[:MOST_CANDIDATES])
    rows = [row for row in rows if row.point is not None]
    wanted = folded(text)
    in_full = [row for row in rows if label_of(row) != row.name and folded(label_of(row)) == wanted]
    if exact := in_full or [row for row in rows if folded(row.name) == wanted]:
        return sorted(exact, key=lambda row: _LEVELS.index(row.level))
    return rows[:SUGGESTIONS]


_LEVELS = ["", *Municipality.RegisterLevel.values]


def _without_brackets(text: str) -> str:
    return text.replace("(", " ").replace(")", " ")
