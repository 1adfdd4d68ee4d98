"""How fast the search is, beside the raw engine in the same run: `make bench`."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tantivy

from search import highlighting, indexing, spelling
from search.analysis import Analyser, plain
from search.asking import engine_query
from search.engines.elasticsearch import ElasticsearchEngine, Server
from search.engines.interface import FACETS, SearchRequest
from search.engines.tantivy import TantivyEngine, schema
from search.models import SearchDocument
from search.parsing import parse
from search.words import count_words
from tests.bench.reporting import note
from tests.contract.collection import MemoryMarks

pytestmark = pytest.mark.bench
LETTERS = "abcdefghijklmnoprstuvwz"
WORDS_PER_PAGE = 300
TRIES = 60
MOST_ROWS = 10_000
SLACK = float(os.environ.get("BENCH_SLACK", "1.25"))  # two shared cores are no laboratory


def vocabulary(luck: random.Random, size: int = 40_000) -> list[str]:
    return ["".join(luck.choices(LETTERS, k=luck.randint(4, 12))) for _ in range(size)]


def make_rows(number: int) -> Iterator[SearchDocument]:
    """Pages of 300 words whose frequencies fall as in a language, with 200 topics and six steps."""
    luck = random.Random(7)
    known = vocabulary(luck)
    for key in range(1, number + 1):
        text = " ".join(known[min(int(luck.paretovariate(0.55)) - 1, 39_999)] for _ in range(WORDS_PER_PAGE))
        facets = [f"kind:{luck.choice(('good_practice', 'material', 'news'))}", f"state:{luck.randint(1, 16)}"]
        facets += [f"step:{luck.choice(('allies', 'network', 'plan'))}", f"topic:t{luck.randint(1, 200)}"]
        yield SearchDocument(page_id=key, locale="de", title=text[:60], text=text, facets=facets, version=key)


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)] * 1000


def measure(call: Callable[[Any], object], things: list[Any]) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds."""
    times = []
    for thing in things:
        began = time.perf_counter()
        call(thing)
        times.append(time.perf_counter() - began)
    return percentile(times, 0.5), percentile(times, 0.95)


def pair(times: tuple[float, float]) -> dict[str, float]:
    """Return p50 and p95 for the table."""
    return {"p50": round(times[0], 2), "p95": round(times[1], 2)}


def questions(analyser: Analyser) -> list[str]:
    """One to three words each, common, middling and rare."""
    luck = random.Random(3)
    ranked = sorted(analyser.words, key=lambda word: -analyser.words[word])
    pools = (ranked[:5], ranked[5:200], ranked[1000:5000])
    return [" ".join(luck.choice(luck.choice(pools)) for _ in range(1 + number % 3)) for number in range(TRIES)]


@pytest.mark.parametrize(("number", "limit"), [(10_000, 4.0), (100_000, 12.0)])
def test_engine_with_facets_and_highlights(tmp_path: Path, number: int, limit: float) -> None:
    rows = list(make_rows(min(number, MOST_ROWS)))
    analyser = Analyser("de", count_words(row.text for row in rows[:2000]))
    engine = TantivyEngine(tmp_path)
    began = time.perf_counter()
    engine.rebuild("de", (indexing.indexed(row, analyser) for row in rows), seq=1, lexicon=1)
    per_page = (time.perf_counter() - began) * 1000 / len(rows)
    if number > len(rows):
        documents = [indexing.indexed(row, analyser) for row in rows]
        again = (replace(documents[key % len(rows)], id=key, version=key) for key in range(number))
        engine.rebuild("de", again, seq=2, lexicon=1)
    words = spelling.Spelling(spelling.build(tmp_path, "de", 1, analyser.words))

    def ask(text: str) -> int:
        parsed = parse(text)
        request = SearchRequest(text, page_size=10, filters={"step": ["plan"]}, facets=FACETS)
        asked = engine_query(request, parsed, analyser, spelling=words)
        found = engine.search(asked)
        wanted = highlighting.Wanted.of(asked.clauses, analyser)
        for key, _score in found.hits:
            highlighting.marked(rows[key % len(rows)].title, wanted)
            highlighting.best_passage("", rows[key % len(rows)].text, wanted)
        return found.total

    searcher = engine._reader("de").searcher

    def ask_raw(text: str) -> object:
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(schema(), "joined", analyser.stem(word), "freq")) for word in text.split()]
        )  # fmt: skip
        searcher.search(query, 10)
        return searcher.aggregate(query, {"all": {"terms": {"field": "facets", "size": 5000}}})

    asked = questions(analyser)
    measure(ask, asked[:10])
    own, raw = measure(ask, asked), measure(ask_raw, asked)
    group = f"search, {number:,} documents"
    note(group, "total, ten highlights, all facets", **pair(own), target_p95=limit)
    note(group, "raw Tantivy, hits and one facet pass", **pair(raw))
    note(group, "rebuild, a page", mean=round(per_page, 2), target=1)
    assert own[1] <= limit * SLACK
    assert per_page <= 1.0 * SLACK


def test_completion_and_better_spellings(tmp_path: Path) -> None:
    luck = random.Random(5)
    words = {word: luck.randint(1, 50) for word in vocabulary(luck, 200_000)}
    german = Path(__file__).parents[1] / "search" / "term_pairs.de.txt"
    real = [word for word in count_words([german.read_text()]) if len(word) > 5 and word.isalpha()]
    words.update(dict.fromkeys(real, 20))
    found = spelling.Spelling(spelling.build(tmp_path, "de", 1, words))
    analyser = Analyser("de")
    typos: list[tuple[str, str]] = []
    while len(typos) < 1000:
        word = luck.choice(real)
        typo = one_typo(luck, word)
        if not found.knows(plain(typo)):
            typos.append((word, typo))

    right = sum(analyser.stem(found.better(plain(typo))) == analyser.stem(word) for word, typo in typos) / len(typos)
    better = measure(lambda both: found.better(plain(both[1])), typos)
    begun = measure(lambda both: found.beginning_with(plain(both[0])[: luck.randint(1, 6)]), typos)

    group = "search, 200,000 words"
    note(group, "single typos put right", share=f"{right:.1%}", target="96 %")
    note(group, "better spelling", **pair(better), target_p95=8)
    note(group, "completion", **pair(begun), target_p95=2)
    assert right >= 0.96
    assert better[1] <= 8 * SLACK
    assert begun[1] <= 2 * SLACK


def one_typo(luck: random.Random, word: str) -> str:
    place, letter = luck.randrange(len(word)), luck.choice(LETTERS)
    before, here, after = word[:place], word[place], word[place + 1 :]
    return luck.choice(
        [before + after, before + letter + here + after, before + letter + after, before + after[:1] + here + after[1:]]
    )


def test_one_change_in_an_index_of_50_000(tmp_path: Path) -> None:
    from search.engines.interface import Change

    analyser = Analyser("de")
    documents = [indexing.indexed(row, analyser) for row in make_rows(1000)]
    many = (replace(document, id=number * 1000 + document.id) for number in range(50) for document in documents)
    engine = TantivyEngine(tmp_path)
    engine.rebuild("de", many, seq=1, lexicon=1)

    def change(number: int) -> None:
        engine.apply("de", [Change(number, number, replace(documents[0], id=number, version=number))], seq=number)
        engine.health("de")

    times = measure(change, list(range(100, 140)))
    raw = measure(lambda key: raw_commit(tmp_path, key), list(range(20)))
    group = "search, one change in 50,000 documents"
    note(group, "commit and reload, beside the request", **pair(times))
    note(group, "raw Tantivy, a commit waiting for the disk", **pair(raw))
    assert times[0] <= raw[0] + 15 * SLACK


def raw_commit(folder: Path, key: int) -> None:
    """Commit one document without anything of ours around it."""
    path = folder / "de" / (folder / "de" / "current").read_text()
    writer = tantivy.Index.open(str(path)).writer(15_000_000, 1)
    writer.add_document(tantivy.Document.from_dict({"id": key, "joined": "wort"}, schema()))
    writer.commit()


@pytest.mark.services
def test_one_request_to_elasticsearch(tmp_path: Path) -> None:
    url = os.environ.get("ELASTICSEARCH_TEST_URL")
    if not url:
        pytest.skip("ELASTICSEARCH_TEST_URL names no server: `make test-services` starts one")
    server = Server(url, prefix=f"bench-{os.getpid()}", replicas=0, timeout=30.0)
    engine = ElasticsearchEngine(server, MemoryMarks())
    rows = list(make_rows(10_000))
    analyser = Analyser("de", count_words(row.text for row in rows[:2000]))
    engine.rebuild("de", (indexing.indexed(row, analyser) for row in rows), seq=1, lexicon=1)
    words = spelling.Spelling(spelling.build(tmp_path, "de", 1, analyser.words))
    took: list[float] = []

    def ask(text: str) -> None:
        request = SearchRequest(text, page_size=10, filters={"step": ["plan"]}, facets=FACETS)
        engine.search(engine_query(request, parse(text), analyser, spelling=words))

    original = engine.client.search
    engine.client.search = lambda **asked: _timed(original, asked, took)  # the raw client beside
    measure(ask, questions(analyser)[:20])
    took.clear()
    own = measure(ask, questions(analyser))
    engine.remove_all()
    group = "Elasticsearch, 10,000 documents"
    note(group, "one request, whole", **pair(own))
    note(group, "raw client", p50=round(statistics.median(took) * 1000, 1), target_on_top=5)
    assert own[0] - statistics.median(took) * 1000 <= 5 * SLACK


def _timed(call: Callable[..., Any], asked: dict[str, Any], took: list[float]) -> Any:
    began = time.perf_counter()
    answer = call(**asked)
    took.append(time.perf_counter() - began)
    return answer
