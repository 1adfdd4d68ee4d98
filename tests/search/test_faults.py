"""What breaks under the search: folders, schemas, clusters. No error reaches the visitor, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from search import freshness, jobs, verifying
from search.engines import choice
from search.engines.breaker import FAILURES, Breaker
from search.engines.folder import STATE
from search.engines.interface import EngineUnavailableError, SearchRequest
from search.engines.tantivy import TantivyEngine
from search.queries import search
from tests.contract.collection import DOCUMENTS, QUESTION
from tests.factories import pages as make

ROOT = Path(__file__).resolve().parents[2]


def total(text: str = "Kranichbus") -> int:
    return search(SearchRequest(text)).total


@pytest.mark.django_db
def test_folder_deleted_truncated_or_older_heals_by_itself(settings: Any) -> None:
    make.make_practice(make.make_tree(), title="Kranichbus")
    assert total() == 1

    for harm in (delete, damage_files, make_older, break_state, lose_pointer, lose_meta):
        harm(Path(settings.SEARCH_FOLDER) / "de")
        freshness._checked.clear()  # a second later
        assert total() == 1, harm.__name__
        assert verifying.verify(choice.embedded(), "de") == []


def live(folder: Path) -> Path:
    return folder / (folder / "current").read_text()


def delete(folder: Path) -> None:
    shutil.rmtree(folder)


def damage_files(folder: Path) -> None:
    for file in live(folder).iterdir():
        if file.suffix not in ("", ".json", ".lock"):
            file.write_bytes(file.read_bytes()[:20])


def make_older(folder: Path) -> None:
    state = json.loads((live(folder) / STATE).read_text())
    (live(folder) / STATE).write_text(json.dumps({**state, "schema": 0}))


def break_state(folder: Path) -> None:
    (live(folder) / STATE).write_text("{")


def lose_pointer(folder: Path) -> None:
    (folder / "current").write_text("index-gone")


def lose_meta(folder: Path) -> None:
    (live(folder) / "meta.json").write_text("")


def test_two_processes_write_to_one_folder_and_nothing_is_lost(tmp_path: Path) -> None:
    TantivyEngine(tmp_path).rebuild("de", [], seq=0, lexicon=0)
    code = (
        "import sys; from pathlib import Path; from search.engines.tantivy import TantivyEngine;"
        "from search.engines.interface import Change; from tests.contract.collection import make_document\n"
        "engine, start = TantivyEngine(Path(sys.argv[1])), int(sys.argv[2])\n"
        "for key in range(start, start + 40):\n"
        "    while not engine.apply('de', [Change(key, key, make_document(key))], seq=key, again=True): pass\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(start)], cwd=ROOT) for start in (1000, 2000)
    ]

    assert [writer.wait(120) for writer in writers] == [0, 0]
    assert sorted(TantivyEngine(tmp_path).versions("de")) == [*range(1000, 1040), *range(2000, 2040)]


def test_a_killed_rebuild_leaves_the_live_index_alone(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.rebuild("de", DOCUMENTS, seq=5, lexicon=1)

    def broken() -> Iterator[Any]:
        yield from DOCUMENTS[:10]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild("de", broken(), seq=9, lexicon=2)

    assert engine.health("de").seq == 5
    assert engine.search(QUESTION).total > 10
    engine.rebuild("de", DOCUMENTS, seq=9, lexicon=2)
    assert len(list((tmp_path / "de").glob("index-*"))) == 2  # the live one and the one before


class Failing(BaseHTTPRequestHandler):
    """A cluster that answers, but not with an answer."""

    def do_POST(self) -> None:
        self.send_response(503)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"error": {"type": "cluster_block_exception"}, "status": 503}')

    do_GET = do_PUT = do_HEAD = do_POST  # noqa: N815 - the server looks for these names

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(params=["refused", "hanging", "503"])
def broken_cluster(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a cluster that is of no use."""
    if request.param == "503":
        server = HTTPServer(("127.0.0.1", 0), Failing)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        return
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        if request.param == "hanging":
            listening.listen(50)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.django_db
def test_tantivy_answers_when_the_cluster_does_not(settings: Any, broken_cluster: str) -> None:
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_TIMEOUT = broken_cluster, 0.2
    choice.forget()
    make.make_practice(make.make_tree(), title="Kranichbus")

    answers = [search(SearchRequest("Kranichbus")) for _time in range(FAILURES + 1)]
    jobs.apply()

    assert [(answer.engine, answer.total, answer.degraded) for answer in answers] == [("tantivy", 1, False)] * 4
    breaker = choice.breaker()
    assert breaker is not None
    assert breaker.is_open


def test_the_breaker_opens_after_three_failures_and_tries_again_later() -> None:
    class Engine:
        name = "test"
        asked = 0
        is_well = False

        def search(self, query: Any) -> str:
            self.asked += 1
            if not self.is_well:
                raise EngineUnavailableError("down")
            return "found"

    now = [0.0]
    engine: Any = Engine()
    breaker = Breaker(engine, clock=lambda: now[0])

    for _time in range(5):
        with pytest.raises(EngineUnavailableError):
            breaker.search(QUESTION)
    assert engine.asked == FAILURES
    now[0], engine.is_well = 31.0, True
    assert breaker.search(QUESTION) == "found"
    assert not breaker.is_open
