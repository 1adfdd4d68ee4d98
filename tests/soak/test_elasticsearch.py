"""A real cluster: one of three nodes is killed during a storm; and once with TLS and an API key."""

from __future__ import annotations

import base64
import json
import os
import signal
import ssl
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from search.engines.elasticsearch import ElasticsearchEngine, Server
from search.engines.interface import Change, EngineUnavailableError
from tests.contract.collection import DOCUMENTS, QUESTION, MemoryMarks, make_document
from tests.soak.clusters import Cluster, free_port, three_nodes, wait

pytestmark = pytest.mark.soak
PASSWORD = "for this test only"


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


def test_with_tls_and_an_api_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ES_PASSWORD", PASSWORD)
    cluster = Cluster(folder)
    port = free_port()
    authority = make_certificates(folder)
    try:
        cluster.start(
            "node", port, "discovery.type=single-node", "xpack.security.enabled=true",
            "xpack.security.http.ssl.enabled=true", "xpack.security.http.ssl.key=certs/node.key",
            "xpack.security.http.ssl.certificate=certs/node.crt", "xpack.license.self_generated.type=basic",
        )  # fmt: skip
        url = f"https://127.0.0.1:{port}"
        wait("an answer over TLS", lambda: ask(url, "/_cluster/health", authority))
        key = ask(url, "/_security/api_key", authority, {"name": "kgi"})["encoded"]
        server = Server(url, api_key=key, ca_file=str(authority), prefix="tls", replicas=0, timeout=30.0)
        engine = ElasticsearchEngine(server, MemoryMarks())

        engine.rebuild("de", DOCUMENTS, seq=1, lexicon=1)

        assert engine.search(QUESTION).total > 0
        without = ElasticsearchEngine(Server(url, ca_file=str(authority), prefix="tls", timeout=30.0), MemoryMarks())
        with pytest.raises(EngineUnavailableError, match="AuthenticationException"):
            without.search(QUESTION)
    finally:
        cluster.stop()


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


def ask(url: str, path: str, authority: Path, body: object | None = None) -> dict[str, str]:
    """Ask as the user that may do everything."""
    name = base64.b64encode(f"kgi:{PASSWORD}".encode()).decode()
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(
        url + path, data=data, headers={"Authorization": f"Basic {name}", "Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5, context=ssl.create_default_context(cafile=authority)) as answer:
        found: dict[str, str] = json.loads(answer.read())
        return found
