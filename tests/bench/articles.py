"""Articles of an old site in any number: long enough, half of them translated, all with an old address."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TEXT = (
    "Kommune Jugendhilfe Begegnung Austausch Fachkräfte Partnerstadt Förderung Antrag Beschluss Netzwerk Verein Reise "
    "Gruppe Sprache Erinnerung Beteiligung Ausschuss Stadtrat Landkreis Schule Betrieb Ehrenamt gemeinsam planen fragen "
    "fördern reisen lernen zeigen und oder mit für ohne die der das ein eine viele neue junge offene internationale"
)
WORDS = TEXT.split()
STEPS = ("allies", "network", "plan", "training", "service", "pr")
TOPICS = ("rural", "twinning", "funding", "school", "culture", "sport", "digital", "quality")
KINDS = ("good_practice", "news", "material")


def write(file: Path, count: int) -> None:
    """Write so many lines; each second one is the English translation of the one before."""
    chance = random.Random(count)
    facts: dict[str, Any] = {}
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            if number % 2 == 0:
                facts = _facts(number, chance)
            out.write(json.dumps({**_line(number, chance), **facts}, ensure_ascii=False) + "\n")


def _line(number: int, chance: random.Random) -> dict[str, Any]:
    is_english = number % 2 == 1
    title = " ".join(chance.choices(WORDS, k=6))
    line = {
        "locale": "en" if is_english else "de",
        "source_id": f"node-{number}",
        "title": f"{title} {number}",
        "summary": _sentence(chance, 20),
        "body": "".join(_body(chance)),
        "old_url": f"https://old.example/index.php?id={number}",
    }
    return {**line, "translation_of": f"node-{number - 1}"} if is_english else line


def _facts(number: int, chance: random.Random) -> dict[str, Any]:
    """What both languages share."""
    return {
        "kind": KINDS[(number // 2) % len(KINDS)],
        "step": chance.sample(STEPS, 2),
        "topics": chance.sample(TOPICS, 3),
        "date": f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
    }


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def _body(chance: random.Random) -> Iterator[str]:
    for part in range(4):
        yield f"<h2>{_sentence(chance, 5)}</h2><p>{_sentence(chance, 60)} <a href='/index.php?id={part}'>mehr</a></p>"
        yield f"<p><strong>{_sentence(chance, 4)}</strong> {_sentence(chance, 40)}</p>"
    yield "<ul>" + "".join(f"<li>{_sentence(chance, 8)}</li>" for _ in range(4)) + "</ul>"
    yield "<table><tr><th>Jahr</th><th>Plätze</th></tr><tr><td>2024</td><td>30</td></tr></table>"
