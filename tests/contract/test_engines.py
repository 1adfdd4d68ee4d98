"""One contract for all engines: the same hits, totals, counts and order as the slow and obvious one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from search.engines.elasticsearch import ElasticsearchEngine, Server
from search.engines.interface import Change, EngineQuery
from search.engines.memory import MemoryEngine
from search.engines.tantivy import TantivyEngine
from tests.contract.collection import DOCUMENTS, QUESTION, QUESTIONS, MemoryMarks, make_document

PATIENT = 30.0


def elasticsearch() -> ElasticsearchEngine:
    server = Server(os.environ["ELASTICSEARCH_TEST_URL"], prefix=f"test-{uuid4().hex}", replicas=0, timeout=PATIENT)
    return ElasticsearchEngine(server, MemoryMarks())


@pytest.fixture(params=["tantivy", pytest.param("elasticsearch", marks=pytest.mark.services)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """An engine with the collection in it."""
    made: Any = TantivyEngine(tmp_path) if request.param == "tantivy" else elasticsearch()
    made.rebuild("de", DOCUMENTS, seq=300, lexicon=1)
    yield made
    if request.param == "elasticsearch":
        made.client.indices.delete(index=list(made.client.indices.get(index=f"{made.server.prefix}-*")))


@pytest.fixture
def oracle() -> MemoryEngine:
    """The engine that needs no explanation, with the same collection."""
    made = MemoryEngine()
    made.rebuild("de", DOCUMENTS, seq=300, lexicon=1)
    return made


def agree(engine: Any, oracle: MemoryEngine, question: EngineQuery) -> None:
    """Compare everything an answer says; scores agree but for rounding."""
    found, expected = engine.search(question), oracle.search(question)
    assert found.total == expected.total
    for name in question.facets:
        assert dict(found.facets[name]) == dict(expected.facets[name])
    keys, expected_keys = [key for key, _score in found.hits], [key for key, _score in expected.hits]
    assert set(keys) == set(expected_keys)
    if question.order != "score":
        assert keys == expected_keys
    else:
        assert [score for _key, score in found.hits] == pytest.approx([s for _key, s in expected.hits], rel=2e-4)


def test_all_questions_are_answered_alike(engine: Any, oracle: MemoryEngine) -> None:
    """One test for all questions: filling an index takes longer than asking it."""
    for name, question in QUESTIONS.items():
        try:
            agree(engine, oracle, question)
        except AssertionError as error:
            raise AssertionError(f"the question “{name}” is answered differently") from error


def test_changes_and_replays_leave_the_same_state(engine: Any, oracle: MemoryEngine) -> None:
    changes = [
        Change(301, 5, make_document(5, version=301, title=["wort3"])),
        Change(302, 9),
        Change(303, 999, make_document(999, version=303)),
        Change(304, 12_345),  # never was there
    ]
    for one in (engine, oracle):
        assert one.apply("de", changes, seq=304)
        assert one.apply("de", changes[:2], seq=302)

    assert engine.health("de").seq == 304
    assert engine.versions("de") == oracle.versions("de")
    assert engine.search(replace(QUESTION, clauses=[], order="title")) == oracle.search(
        replace(QUESTION, clauses=[], order="title")
    )


def test_rebuild_replaces_everything_and_says_with_which_words(engine: Any) -> None:
    engine.rebuild("de", [make_document(1)], seq=400, lexicon=7)

    health = engine.health("de")

    assert (health.is_ok, health.documents, health.seq, health.lexicon) == (True, 1, 400, 7)
    assert engine.lexicon("de") == 7


def test_locales_know_nothing_of_each_other(engine: Any) -> None:
    engine.rebuild("en", [make_document(1), make_document(2)], seq=1, lexicon=2)

    assert engine.versions("en") == {1: 1, 2: 2}
    assert engine.health("de").documents == len(DOCUMENTS)


def test_an_index_that_is_missing_is_not_well(engine: Any) -> None:
    assert not engine.health("fr").is_ok
