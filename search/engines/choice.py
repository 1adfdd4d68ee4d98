"""Which engines there are: chosen by configuration, made once per process."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from search.engines.breaker import Breaker
from search.engines.elasticsearch import ElasticsearchEngine, Server
from search.engines.interface import Engine
from search.engines.tantivy import TantivyEngine
from search.marks import DatabaseMarks

_made: dict[str, TantivyEngine | ElasticsearchEngine] = {}
_breakers: dict[str, Breaker] = {}
_lock = threading.RLock()


def embedded() -> TantivyEngine:
    """Return the engine of this host; it is always there."""
    with _lock:
        engine = _made.setdefault("tantivy", TantivyEngine(Path(settings.SEARCH_FOLDER)))
        assert isinstance(engine, TantivyEngine)
        return engine


def shared() -> ElasticsearchEngine | None:
    """Return the engine of all hosts, where one is configured."""
    if not settings.ELASTICSEARCH_URL:
        return None
    with _lock:
        if "elasticsearch" not in _made:
            _made["elasticsearch"] = ElasticsearchEngine(server(), DatabaseMarks())
        engine = _made["elasticsearch"]
        assert isinstance(engine, ElasticsearchEngine)
        return engine


def server() -> Server:
    """Return where the configured cluster is."""
    return Server(
        url=settings.ELASTICSEARCH_URL,
        api_key=settings.ELASTICSEARCH_API_KEY,
        ca_file=settings.ELASTICSEARCH_CA_FILE,
        prefix=settings.ELASTICSEARCH_PREFIX,
        replicas=settings.ELASTICSEARCH_REPLICAS,
        timeout=settings.ELASTICSEARCH_TIMEOUT,
    )


def throw_away_server() -> Server:
    """Return the cluster with names of indexes that nobody else uses."""
    return replace(
        server(), prefix=f"{settings.ELASTICSEARCH_PREFIX}-eval-{uuid4().hex[:12]}", replicas=0, timeout=30.0
    )


def engines() -> list[Engine]:
    """Return all engines to be kept up to date, the preferred one first."""
    first = shared()
    return [first, embedded()] if first else [embedded()]


def breaker() -> Breaker | None:
    """Return the guarded shared engine."""
    engine = shared()
    if engine is None:
        return None
    with _lock:
        return _breakers.setdefault(engine.name, Breaker(engine))


def forget() -> None:
    """Make engines anew (tests)."""
    _made.clear()
    _breakers.clear()
