"""Elasticsearch clusters of real servers for the long tests, started by the functions of `.ci/elasticsearch.sh`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAP = "-Xms384m -Xmx384m"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Cluster:
    """Servers in a folder, each with a port and a process id."""

    folder: Path
    ports: list[int] = field(default_factory=list)
    home: Path | None = None  # of another server than the fetched one

    def start(self, name: str, port: int, *settings: str) -> None:
        """Start one node; ready when it answers."""
        words = " ".join(f"'{setting}'" for setting in settings)
        which = f"ES_HOME={self.home}" if self.home else "fetch_elasticsearch"
        script = f". .ci/elasticsearch.sh; {which}; start_elasticsearch {self.folder / name} {port} {words}"
        subprocess.run(["bash", "-c", script], cwd=ROOT, check=True, env={"ES_HEAP": HEAP, **os.environ})
        self.ports.append(port)

    def pid(self, name: str) -> int:
        """Return the process of a node."""
        return int((self.folder / name / "pid").read_text())

    def stop(self) -> None:
        """End every node of this cluster, and nothing else."""
        for file in self.folder.glob("*/pid"):
            try:
                os.kill(int(file.read_text()), signal.SIGKILL)
            except ProcessLookupError:
                continue


def three_nodes(folder: Path) -> Cluster:
    """Start a cluster of three."""
    cluster = Cluster(folder)
    transports = [free_port() for _node in range(3)]
    hosts = ",".join(f"127.0.0.1:{port}" for port in transports)
    for number, transport in enumerate(transports, start=1):
        cluster.start(
            f"node{number}", free_port(), f"node.name=node{number}", f"transport.port={transport}",
            f"discovery.seed_hosts={hosts}", "cluster.initial_master_nodes=node1,node2,node3",
            "xpack.security.enabled=false",
        )  # fmt: skip
    return cluster


def wait(what: str, condition: object, seconds: float = 120.0) -> None:
    """Wait until something holds; raise when it does not come true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if condition():  # type: ignore[operator]  # any function will do
                return
        except Exception:  # noqa: BLE001 - a node that starts refuses in many ways
            time.sleep(0.5)
        time.sleep(0.5)
    raise AssertionError(f"{what} did not happen in {seconds} s")
