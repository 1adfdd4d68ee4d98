"""What breaks under the search: folders, schemas, clusters. No error reaches the visitor, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from search import documents, following, freshness, indexing, jobs, spelling, verifying
from search.engines import choice
from search.engines.breaker import FAILURES, Breaker
from search.engines.folder import STATE
from search.engines.interface import EngineUnavailableError, SearchRequest
from search.engines.tantivy import TantivyEngine
from search.models import SearchChange
from search.queries import search
from tests.contract.collection import DOCUMENTS, QUESTION
from tests.factories import pages as make

ROOT = Path(__file__).resolve().parents[2]


def total(text: str = "Kranichbus") -> int:
    return search(SearchRequest(text)).total


def make_harms() -> list[Callable[[Path], None]]:
    return [delete, damage_files, make_older, break_state, lose_pointer, lose_meta]


@pytest.mark.django_db
def test_folder_deleted_truncated_or_older_heals_by_itself(settings: Any, client: Client) -> None:
    make.make_practice(make.make_tree(), title="Kranichbus")
    assert total() == 1

    for harm in make_harms():
        harm(Path(settings.SEARCH_FOLDER) / "de")
        freshness._checked.clear()  # a second later
        answer = client.get("/de/suche/?q=Kranichbus")
        assert (answer.status_code, "1 Treffer" in answer.content.decode()) == (200, True), harm.__name__
        assert search(SearchRequest("Kranichbus")).engine == "tantivy"
        assert verifying.verify(choice.embedded(), "de") == []


@pytest.mark.django_db(transaction=True)
def test_rows_answer_while_a_large_index_is_built_beside(
    settings: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCH_IN_TRANSACTIONS = False
    monkeypatch.setattr(freshness, "SMALL", 0)
    tree = make.make_tree()
    make.make_practice(tree, title="Kranichbus", steps=[make.step("allies")], topics=[make.topic("rural")])
    make.make_practice(
        tree, title="Kranichplan", situation="<p>Ein Kranichbus fährt mit.</p>", steps=[make.step("plan")]
    )
    indexing.rebuild(choice.embedded(), "de")
    whole = search(SearchRequest("Kranichbus", filters={"step": ["allies"]}))

    for harm in make_harms():
        harm(Path(settings.SEARCH_FOLDER) / "de")
        freshness._checked.clear()
        with held(Path(settings.SEARCH_FOLDER) / "tantivy-de.building"):  # it takes long
            answer = search(SearchRequest("Kranichbus", filters={"step": ["allies"]}))
            page = client.get("/de/suche/?q=Kranichbus").content.decode()
        assert (answer.engine, answer.degraded) == ("database", True), harm.__name__
        assert ([hit.id for hit in answer.hits], answer.total) == ([hit.id for hit in whole.hits], whole.total)
        assert answer.facets == whole.facets
        assert "2 Treffer" in page
        freshness.build_apart(choice.embedded(), "de").join(2)
        freshness._checked.clear()
        assert search(SearchRequest("Kranichbus")).engine == "tantivy"
        assert verifying.verify(choice.embedded(), "de") == []


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock as another process would."""
    code = (
        "import sys; from pathlib import Path; from search.engines.folder import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate(timeout=30)


@pytest.mark.django_db
def test_the_file_of_spellings_lost_or_damaged_comes_back(settings: Any) -> None:
    make.make_practice(make.make_tree(), title="Kranichbus")
    indexing.rebuild(choice.embedded(), "de")
    file = next(Path(settings.SEARCH_FOLDER).glob("words-de-*.sqlite3"))

    for harm in (Path.unlink, lambda path: path.write_bytes(b"nothing of use" * 100)):
        harm(file)
        spelling._local.__dict__.clear()  # a new process
        assert search(SearchRequest("Kranichbuss")).suggestion == ""
        jobs._looked.clear()
        jobs.apply()
        assert search(SearchRequest("Kranichbuss")).suggestion == "Kranichbus"


@pytest.mark.django_db
def test_the_log_applied_twice_does_no_harm() -> None:
    tree = make.make_tree()
    _kept, changed, gone = (make.make_practice(tree, title=f"Kranichbus {name}") for name in ("eins", "zwei", "drei"))
    changed.title = "Reiherbahn"
    changed.save_revision().publish()
    gone.unpublish()
    assert (total(), total("Reiherbahn")) == (1, 1)
    engine = choice.embedded()

    for _time in range(2):
        folder = engine._folder("de")
        state, path = folder.state(), folder.live()
        assert state is not None
        assert path is not None
        folder.note(path, replace(state, seq=0))
        assert indexing.catch_up(engine, "de")
        assert (total(), total("Reiherbahn")) == (1, 1)
        assert verifying.verify(engine, "de") == []


@pytest.mark.django_db
def test_a_topic_of_many_pages_renamed_reaches_them_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "AT_ONCE", 3)
    monkeypatch.setattr(documents, "BATCH", 2)
    tree, topic = make.make_tree(), make.topic("rural")
    for number in range(5):
        make.make_practice(tree, title=f"Bus {number}", topics=[topic])
    indexing.catch_up(choice.embedded(), "de")

    topic.name = "Moorlandschaft"
    topic.save()
    while jobs.refresh_stale():
        pass

    assert total("Moorlandschaft") == 5
    assert documents.repair_everything(lambda _done: None) == 0
    assert verifying.verify(choice.embedded(), "de") == []


@pytest.mark.django_db(transaction=True)
def test_lines_of_the_log_become_visible_in_their_order_with_two_writers() -> None:
    tree = make.make_tree()
    keys = [make.make_practice(tree, title=f"Kranich {number}").pk for number in range(2)]
    seen = list(SearchChange.objects.order_by("seq").values_list("seq", flat=True))
    out_of_order: list[int] = []

    def write(key: int) -> None:
        for _time in range(15):
            documents.touch([key])
        connections.close_all()

    writers = [threading.Thread(target=write, args=(key,)) for key in keys]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        new = set(SearchChange.objects.values_list("seq", flat=True)) - set(seen)
        out_of_order += [seq for seq in new if seq < max(seen)]
        seen += sorted(new)

    assert SearchChange.objects.filter(document_id__in=keys).count() >= 32
    assert out_of_order == []


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


@pytest.mark.django_db
def test_an_index_that_cannot_be_written_to_is_built_anew(settings: Any) -> None:
    tree = make.make_tree()
    make.make_practice(tree, title="Kranichbus")
    assert total() == 1
    (live(Path(settings.SEARCH_FOLDER) / "de") / "meta.json").write_text('{"segments": []}')  # still open for reading

    make.make_practice(tree, title="Kranichbus zwei")
    jobs._looked.clear()
    jobs.apply()
    freshness._checked.clear()

    assert total() == 2
    assert verifying.verify(choice.embedded(), "de") == []


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
