"""The demo's texts: German and English hold the same, links lead somewhere, invented places do not exist."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest

from home.demo.motifs import MOTIFS
from home.demo.reader import Item, read_all
from knowledge.register_files import read_shipped

ITEMS = read_all()
PAIRS = [item for item in ITEMS.values() if {"de", "en"} <= set(item.texts)]
AT_LEAST = {
    "steps": 6,
    "practices": 24,
    "materials": 14,
    "municipalities": 16,
    "service_centres": 10,
    "offers": 12,
    "news": 8,
}
LINK = re.compile(r"\]\(([^)]+)\)")
NUMBER = re.compile(r"\d{1,3}(?:[.,\u202f]\d{3})+|\d+")
BLOCK = re.compile(r"^```block:(\w+)", re.MULTILINE)
PARTS = re.compile(r"^(## |### |- |\d+\. |\*\*)", re.MULTILINE)
LEAST_NUMBER = 100  # smaller ones are clock times and counts that the other language may write as words


@pytest.mark.parametrize("item", PAIRS, ids=lambda item: item.key)
def test_both_languages_have_the_same_fields_parts_links_and_numbers(item: Item) -> None:
    german, english = item.texts["de"], item.texts["en"]

    assert set(german) == set(english)
    assert [name for name, value in (*german.items(), *english.items()) if value == "" and name != "partner"] == []
    for name in german:
        one, other = _flat(german[name]), _flat(english[name])
        assert (name, BLOCK.findall(one)) == (name, BLOCK.findall(other))
        assert (name, Counter(PARTS.findall(one))) == (name, Counter(PARTS.findall(other)))
        assert (name, sorted(LINK.findall(one))) == (name, sorted(LINK.findall(other)))
        if name != "slug":
            assert (name, _numbers(one)) == (name, _numbers(other))


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(_flat(part) for part in value.values())
    return "\n".join(_flat(part) for part in value) if isinstance(value, list) else str(value)


def _numbers(text: str) -> list[int]:
    """Return the large numbers of a text, however its language writes them."""
    found = (int(re.sub(r"\D", "", number)) for number in NUMBER.findall(text))
    return sorted(number for number in found if number >= LEAST_NUMBER)


def test_every_item_has_both_languages() -> None:
    for item in ITEMS.values():
        if item.texts and set(item.texts) != {"de-simple"}:
            assert {"de", "en"} <= set(item.texts), item.key


def test_slugs_differ_among_siblings() -> None:
    for language in ("de", "en"):
        slugs = Counter((item.section, item.texts[language]["slug"]) for item in PAIRS)
        assert [slug for slug, times in slugs.items() if times > 1] == []


def test_there_is_enough_of_everything() -> None:
    counts = Counter(item.section for item in PAIRS if not item.key.endswith("/index"))
    counts["offers"] = counts["trainings"] + counts["exchanges"]

    assert {section: counts[section] >= number for section, number in AT_LEAST.items()} == dict.fromkeys(AT_LEAST, True)


def test_every_link_leads_to_a_page_of_the_demo_or_out() -> None:
    for item in ITEMS.values():
        for texts in item.texts.values():
            for address in LINK.findall(_flat(list(texts.values()))):
                assert address.startswith(("https://", "mailto:")) or address.removeprefix("page:") in ITEMS, item.key


def test_every_picture_is_a_motif_with_words_in_both_languages() -> None:
    motifs = [item.facts["image"]["motif"] for item in ITEMS.values() if item.facts.get("image")]

    assert set(motifs) <= set(MOTIFS)
    assert len(set(motifs)) >= 20
    for motif in MOTIFS.values():
        assert motif.alt_de.startswith("Zeichnung: ")
        assert motif.alt_en.startswith("Drawing: ")
    assert not any("image_alt" in texts for item in ITEMS.values() for texts in item.texts.values())


def test_no_invented_place_exists_in_the_register() -> None:
    real = {row.name.casefold() for row in read_shipped().rows}
    towns = {item.facts["name"].casefold() for item in ITEMS.values() if item.section == "towns"}
    runs = [run for item in ITEMS.values() for run in item.facts.get("runs") or []]
    places = {
        str(facts["city"]).casefold() for facts in (*runs, *(i.facts for i in ITEMS.values())) if facts.get("city")
    }
    bare = {re.sub(r"^(landkreis|kreis|stadtbezirk|bezirk|region|markt|amt|\w+gemeinde) ", "", name) for name in towns}

    assert len(towns) > 10
    assert (towns | places | bare) & real == set()


def test_no_session_is_on_a_sunday_and_offers_lie_before_and_ahead() -> None:
    monday = dt.date(2026, 11, 23)
    runs = [run for item in ITEMS.values() for run in item.facts.get("runs") or []]
    days = [session["day"] for run in runs for session in run["sessions"]]

    assert {(monday + dt.timedelta(days=day)).strftime("%a") for day in days} <= {
        "Mon",
        "Tue",
        "Wed",
        "Thu",
        "Fri",
        "Sat",
    }
    assert sum(day > 7 for day in days) >= 15
    assert sum(day < 0 for day in days) >= 6
