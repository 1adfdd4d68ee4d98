"""A real cluster that goes away and comes back: nothing is lost, and it catches up by itself."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from search import jobs, verifying
from search.engines import breaker, choice
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.interface import SearchRequest
from search.queries import search
from tests.factories import pages as make

pytestmark = [pytest.mark.services, pytest.mark.django_db]


class Line:
    """A line to the cluster that can be cut and mended: for its client, the cluster is down and up again."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.target = (parts.hostname or "", parts.port or 0)
        self.port = 0
        self._open: list[socket.socket] = []
        self.mend()

    def mend(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port), reuse_port=True)
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        for one in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _address = listening.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65_536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        return


def work() -> None:
    jobs._looked.clear()
    jobs.apply()


def test_nothing_is_lost_while_the_cluster_is_down(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(os.environ["ELASTICSEARCH_TEST_URL"])
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{line.port}"
    settings.ELASTICSEARCH_PREFIX, settings.ELASTICSEARCH_REPLICAS = f"test-{uuid4().hex}", 0
    settings.ELASTICSEARCH_TIMEOUT = 10.0
    monkeypatch.setattr(breaker, "OPEN_FOR", 0.0)
    choice.forget()
    tree = make.make_tree()
    gone, kept = (make.make_practice(tree, title=f"Kranichbus {name}") for name in ("eins", "zwei"))
    work()
    engine = choice.shared()
    assert isinstance(engine, ElasticsearchEngine)
    try:
        assert (search(SearchRequest("Kranichbus")).engine, search(SearchRequest("Kranichbus")).total) == (
            "elasticsearch",
            2,
        )

        line.cut()
        gone.unpublish()
        new = make.make_practice(tree, title="Kranichbus drei")
        work()
        meanwhile = search(SearchRequest("Kranichbus"))
        assert (meanwhile.engine, meanwhile.degraded) == ("tantivy", False)
        assert {hit.id for hit in meanwhile.hits} == {kept.pk, new.pk}

        line.mend()
        work()
        after = search(SearchRequest("Kranichbus"))
        assert (after.engine, {hit.id for hit in after.hits}) == ("elasticsearch", {kept.pk, new.pk})
        assert verifying.verify(engine, "de") == []
    finally:
        engine.remove_all()
        line.cut()
