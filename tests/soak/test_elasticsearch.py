"""A real cluster: one of three nodes is killed during a storm; and once with TLS and an API key."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from search.engines.elasticsearch import ElasticsearchEngine, Server
from search.engines.interface import Change, EngineUnavailableError
from tests.contract.collection import DOCUMENTS, QUESTION, MemoryMarks, make_document
from tests.soak.clusters import Cluster, free_port, three_nodes, wait
from tests.soak.keys import PASSWORD, USER, home_with_keys

pytestmark = pytest.mark.soak
NEEDED_RIGHTS = ["manage", "read", "write"]  # as the README tells operators
WRONG_KEY = base64.b64encode(b"somebody:unknown").decode()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user of the servers may read."""
    path = Path("/tmp") / f"kgi-soak-{uuid4().hex}"  # noqa: S108 - pytest's own folders are closed to other users
    path.mkdir(mode=0o755)
    yield path
    subprocess.run(["rm", "-rf", str(path)], check=False)


def test_a_killed_node_loses_no_document_and_no_search(folder: Path) -> None:
    cluster = three_nodes(folder)
    try:
        urls = ",".join(f"http://127.0.0.1:{port}" for port in cluster.ports)
        engine = ElasticsearchEngine(Server(urls, prefix="soak", replicas=1, timeout=10.0), MemoryMarks())
        wait("a cluster of three", lambda: engine.client.cluster.health()["number_of_nodes"] == 3)
        engine.rebuild("de", DOCUMENTS, seq=300, lexicon=1)
        wait("green", lambda: engine.client.cluster.health()["status"] == "green")
        stop, answered = threading.Event(), [0]

        def storm() -> None:
            while not stop.is_set():
                try:
                    answered[0] += engine.search(QUESTION).total > 0
                except EngineUnavailableError:
                    continue

        searching = threading.Thread(target=storm)
        searching.start()
        for key in range(1000, 1200):
            if key == 1050:
                os.kill(cluster.pid(holder(engine)), signal.SIGKILL)
            change = [Change(key, key, make_document(key))]
            wait("a write", lambda change=change, key=key: engine.apply("de", change, seq=key))
        stop.set()
        searching.join()

        assert answered[0] > 20
        wait("all documents", lambda: len(engine.versions("de")) == len(DOCUMENTS) + 200)
    finally:
        cluster.stop()


def holder(engine: ElasticsearchEngine) -> str:
    """Return the node that holds the primary copy."""
    shards = engine.client.cat.shards(index="soak-de", format="json")
    return next(shard["node"] for shard in shards if shard["prirep"] == "p")


def test_over_tls_with_a_key_that_may_no_more_than_it_needs(folder: Path) -> None:
    cluster = Cluster(folder, home=home_with_keys(folder))
    port = free_port()
    authority = make_certificates(folder)
    try:
        cluster.start(
            "node", port, "discovery.type=single-node", "xpack.security.enabled=true",
            "xpack.security.http.ssl.enabled=true", "xpack.security.http.ssl.key=certs/node.key",
            "xpack.security.http.ssl.certificate=certs/node.crt", "xpack.license.self_generated.type=basic",
        )  # fmt: skip
        url = f"https://127.0.0.1:{port}"
        administrator = Elasticsearch(url, basic_auth=(USER, PASSWORD), ca_certs=str(authority))
        wait("an answer over TLS", administrator.cluster.health)
        key = make_key(administrator, NEEDED_RIGHTS)
        server = Server(url, api_key=key["encoded"], ca_file=str(authority), replicas=0, timeout=30.0)
        engine = ElasticsearchEngine(server, MemoryMarks())

        work(engine)
        for one in NEEDED_RIGHTS:
            less = make_key(administrator, [right for right in NEEDED_RIGHTS if right != one])
            with pytest.raises(EngineUnavailableError, match="AuthorizationException"):
                work(ElasticsearchEngine(replace(server, api_key=less["encoded"]), MemoryMarks()))
        with pytest.raises(EngineUnavailableError, match="AuthorizationException"):
            ElasticsearchEngine(replace(server, prefix="other"), MemoryMarks()).rebuild("de", [], seq=1, lexicon=1)
        for refused in (replace(server, api_key=WRONG_KEY), replace(server, api_key="")):
            with pytest.raises(EngineUnavailableError, match="AuthenticationException"):
                ElasticsearchEngine(refused, MemoryMarks()).search(QUESTION)
        with pytest.raises(EngineUnavailableError, match="TlsError"):
            ElasticsearchEngine(replace(server, ca_file=""), MemoryMarks()).search(QUESTION)

        administrator.security.invalidate_api_key(ids=[key["id"]])
        with pytest.raises(EngineUnavailableError, match="AuthenticationException"):
            engine.search(QUESTION)
    finally:
        cluster.stop()


def make_key(administrator: Elasticsearch, rights: Sequence[str]) -> Any:
    """Return an API key that has these rights on our indexes only."""
    role = {"cluster": [], "indices": [{"names": ["kgi-*"], "privileges": rights}]}
    return administrator.security.create_api_key(name="site", role_descriptors={"site": role})


def work(engine: ElasticsearchEngine) -> None:
    """Do all that the site does with its search engine."""
    engine.rebuild("de", DOCUMENTS, seq=1, lexicon=1)
    engine.rebuild("de", DOCUMENTS, seq=2, lexicon=1)
    engine.apply("de", [Change(1000, 1000, make_document(1000))], seq=3)
    assert engine.search(QUESTION).total > 0
    assert engine.health("de").documents == len(DOCUMENTS) + 1


def make_certificates(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 where the node looks for it, and return the authority's."""
    certs = folder / "node" / "config" / "certs"
    certs.mkdir(parents=True)
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run(
        [*command, "-keyout", str(certs / "node.key"), "-out", str(certs / "node.crt")], check=True, capture_output=True
    )
    (certs / "node.key").chmod(0o644)
    return certs / "node.crt"
