"""Documents and questions that every engine must answer alike; made with a fixed seed."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

from search.engines.interface import Clause, EngineQuery, IndexedDocument

TODAY = 739_000
WORDS = [f"wort{number}" for number in range(60)]
STEPS = ("allies", "network", "plan", "training", "service", "pr")


class MemoryMarks:
    """How far a shared engine has come, for one test."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[int, int]] = {}

    def get(self, name: str) -> tuple[int, int]:
        return self.rows.get(name, (0, 0))

    def put(self, name: str, seq: int, lexicon: int) -> None:
        self.rows[name] = (seq, lexicon)


def make_document(key: int, version: int | None = None, **fields: Any) -> IndexedDocument:
    luck = random.Random(key)
    words = [WORDS[min(int(luck.paretovariate(0.7)) - 1, 59)] for _ in range(luck.randint(3, 120))]
    title = luck.sample(WORDS, 3)
    day = TODAY + luck.randint(-300, 300)
    facets = [f"kind:{luck.choice(('material', 'training', 'news'))}", *{f"step:{luck.choice(STEPS)}" for _ in "ab"}]
    facets += [f"topic:t{luck.randint(1, 40)}", f"municipality:{key}"]
    document = IndexedDocument(
        id=key,
        version=version or key,
        title=title,
        joined=title + words,
        pairs=[f"{one}_{two}" for one, two in pairwise(words)] or ["-"],
        exact=title + words,
        facets=sorted(facets),
        date=day,
        date_key=f"{day:07}{key:012}",
        title_key=f"{luck.choice('äbcß')} titel {key:012}",
        last_day=day if luck.random() < 0.5 else 3_652_059,
        expires=TODAY - 1 if luck.random() < 0.05 else 3_652_059,
    )
    return replace(document, **fields)


DOCUMENTS = [make_document(key) for key in range(1, 301)]
QUESTION = EngineQuery(
    locale="de",
    clauses=[
        *(Clause("joined", word) for word in ("wort3", "wort9")),
        Clause("title", "wort3", 0.5),
        Clause("exact", "wort9", 0.5),
        Clause("pairs", "wort3_wort0", 0.75),
    ],
    facets=("kind", "step", "topic"),
    today=TODAY,
    limit=1000,
)
QUESTIONS = {
    "words": QUESTION,
    "nothing asked": replace(QUESTION, clauses=[], order="-date"),
    "unknown word": replace(QUESTION, clauses=[Clause("joined", "nirgends")]),
    "one facet": replace(QUESTION, filters={"step": ["plan"]}),
    "or within, and across": replace(QUESTION, filters={"step": ["plan", "pr"], "kind": ["news", "training"]}),
    "a choice nothing has": replace(QUESTION, filters={"topic": ["unknown"]}),
    "scope": replace(QUESTION, scope={"kind": ["training"]}, filters={"step": ["plan"]}),
    "one of many codes": replace(QUESTION, clauses=[], scope={"municipality": ["7"]}),
    "phrase": replace(QUESTION, phrases=[["wort0", "wort1"]]),
    "phrase of one word": replace(QUESTION, phrases=[["wort5"]]),
    "excluded word": replace(QUESTION, excluded=["wort0"]),
    "excluded ids": replace(QUESTION, excluded_ids=[3, 5, 7]),
    "upcoming": replace(QUESTION, clauses=[], ends=(TODAY, 3_652_059), order="date"),
    "past": replace(QUESTION, clauses=[], ends=(0, TODAY - 1), order="-date"),
    "days": replace(QUESTION, dates=(TODAY - 50, TODAY + 50)),
    "bonus": replace(QUESTION, bonus_for_upcoming=3.0),
    "by title": replace(QUESTION, order="title"),
    "by date": replace(QUESTION, order="date", filters={"step": ["allies"]}),
    "second page": replace(QUESTION, order="title", offset=10, limit=10),
    "beyond the end": replace(QUESTION, order="title", offset=5000, limit=10),
    "counts only": replace(QUESTION, limit=0),
}
