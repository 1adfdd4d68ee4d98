"""Elasticsearch: one index per locale behind an alias, tokens in, one request per search."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar

from search.engines import elasticsearch_queries as build
from search.engines.interface import (
    Change,
    EngineQuery,
    EngineResult,
    EngineUnavailableError,
    Health,
    IndexedDocument,
)

logger = logging.getLogger(__name__)
SCHEMA = 1  # part of the index's name: raise it with every change of the mapping
AT_ONCE = 20  # so few changes are searchable when `apply` returns; more wait for the next refresh
CHUNK = 500
SLOW_TIMEOUT = 60.0  # building and bulk loading
SCAN = 5_000
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Server:
    """Where the cluster is and how to get in."""

    url: str
    api_key: str = ""
    ca_file: str = ""
    prefix: str = "kgi"
    replicas: int = 1
    timeout: float = 0.8


class Marks(Protocol):
    """Remembers how far the index of a locale has come, for all hosts."""

    def get(self, name: str) -> tuple[int, int]:
        """Return (last change applied, generation of words)."""
        ...

    def put(self, name: str, seq: int, lexicon: int) -> None:
        """Remember both."""
        ...


class ElasticsearchEngine:
    """Search in a cluster. The client is imported when first needed: that takes a second."""

    name = "elasticsearch"

    def __init__(self, server: Server, marks: Marks) -> None:
        self.server = server
        self.marks = marks

    @cached_property
    def client(self) -> Any:
        """Return the client; a search waits for no second try."""
        from elasticsearch import Elasticsearch

        options: dict[str, Any] = {"request_timeout": self.server.timeout, "max_retries": 0, "retry_on_timeout": False}
        if self.server.api_key:
            options["api_key"] = self.server.api_key
        if self.server.ca_file:
            options["ca_certs"] = self.server.ca_file
        return Elasticsearch(self.server.url.split(","), **options)

    @property
    def _patient(self) -> Any:
        return self.client.options(request_timeout=max(SLOW_TIMEOUT, self.server.timeout))

    def search(self, query: EngineQuery) -> EngineResult:
        """Answer with one request; shards that do not answer are no answer."""
        asked = build.body(query)
        found = self._ask(
            self.client.search, index=self._alias(query.locale), allow_partial_search_results=False, **asked
        )
        hits = [(int(hit["fields"]["id"][0]), hit["_score"] or 0.0) for hit in found["hits"]["hits"]]
        facets = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer["values"]["buckets"]}
            for name, answer in found.get("aggregations", {}).items()
        }
        return EngineResult(hits, found["hits"]["total"]["value"], facets)

    def apply(self, locale: str, changes: Sequence[Change], *, seq: int, again: bool = False) -> bool:
        """Send changes in bulk; an older version than the one that is there is refused, so replays do no harm."""
        done, lexicon = self.marks.get(self._alias(locale))
        if changes:
            refresh = len(changes) <= AT_ONCE
            self._bulk(self._alias(locale), (_operation(change) for change in changes), refresh=refresh)
        if seq > done:
            self.marks.put(self._alias(locale), seq, lexicon)
        return True

    def rebuild(self, locale: str, documents: Iterable[IndexedDocument], *, seq: int, lexicon: int) -> int:
        """Build a new index, swap the alias, and delete all but the one before."""
        alias = self._alias(locale)
        index = f"{alias}-{SCHEMA}-{time.time_ns()}"
        self._ask(self._patient.indices.create, index=index, **build.index_body(self.server.replicas))
        operations = (_operation(Change(document.version, document.id, document)) for document in documents)
        number = self._bulk(index, operations)
        self._ask(self._patient.indices.refresh, index=index)
        before = self._indexes(alias)
        swap: list[dict[str, Any]] = [{"add": {"index": index, "alias": alias}}]
        swap += [{"remove": {"index": old, "alias": alias}} for old in before]
        self._ask(self._patient.indices.update_aliases, actions=swap)
        self.marks.put(alias, seq, lexicon)
        self._remove_old(alias, keep={index, *before})
        return number

    def versions(self, locale: str) -> dict[int, int]:
        """Return the version of each document, read in slices."""
        self._ask(self._patient.indices.refresh, index=self._alias(locale))
        found: dict[int, int] = {}
        after: list[Any] | None = None
        while hits := self._slice(locale, after):
            found.update((int(hit["fields"]["id"][0]), int(hit["fields"]["version"][0])) for hit in hits)
            after = hits[-1]["sort"]
        return found

    def _slice(self, locale: str, after: list[Any] | None) -> list[Any]:
        more = {"search_after": after} if after else {}
        fields = ["id", "version"]
        answer = self._ask(
            self._patient.search,
            index=self._alias(locale), size=SCAN, sort=[{"id": "asc"}], source=False, docvalue_fields=fields, **more,
        )  # fmt: skip
        hits: list[Any] = answer["hits"]["hits"]
        return hits

    def lexicon(self, locale: str) -> int:
        """Return the generation of words the index was made with."""
        return self.marks.get(self._alias(locale))[1]

    def health(self, locale: str) -> Health:
        """Tell whether the alias leads to an index of this schema; raise EngineUnavailableError without a cluster."""
        alias = self._alias(locale)
        indexes = self._indexes(alias)
        seq, lexicon = self.marks.get(alias)
        if len(indexes) != 1 or not indexes[0].startswith(f"{alias}-{SCHEMA}-"):
            return Health(is_ok=False, problem="missing" if not indexes else "made by another version")
        number = self._ask(self.client.count, index=alias)["count"]
        return Health(is_ok=True, documents=number, seq=seq, lexicon=lexicon)

    def remove_all(self) -> None:
        """Delete every index with this prefix (throw-away ones)."""
        found = self._ask(self._patient.indices.get, index=f"{self.server.prefix}-*")
        for name in found:
            self._ask(self._patient.indices.delete, index=name, ignore_unavailable=True)

    def _alias(self, locale: str) -> str:
        return f"{self.server.prefix}-{locale}".lower()

    def _indexes(self, alias: str) -> list[str]:
        from elasticsearch import NotFoundError

        try:
            return sorted(self.client.indices.get_alias(name=alias))
        except NotFoundError:
            return []
        except Exception as error:
            raise _unavailable(error) from error

    def _remove_old(self, alias: str, keep: set[str]) -> None:
        found = self._ask(self._patient.indices.get, index=f"{alias}-*", expand_wildcards="open")
        own = [name for name in found if name.removeprefix(f"{alias}-").replace("-", "").isdecimal()]
        for name in set(own) - keep:
            self._ask(self._patient.indices.delete, index=name, ignore_unavailable=True)

    def _bulk(self, index: str, operations: Iterable[dict[str, Any]], *, refresh: bool = False) -> int:
        """Send operations; a conflict means that something newer is there, everything else is an error."""
        from elasticsearch import helpers

        def send() -> int:
            number = 0
            answers: Iterator[Any] = helpers.streaming_bulk(
                self._patient, operations, index=index, chunk_size=CHUNK, raise_on_error=False, refresh=refresh
            )
            for is_ok, answer in answers:
                kind, result = next(iter(answer.items()))
                if not is_ok and result.get("status") != 409 and (kind, result.get("status")) != ("delete", 404):
                    raise EngineUnavailableError(str(result.get("error")))
                number += 1
            return number

        return self._ask(send)

    @staticmethod
    def _ask(call: Callable[..., Answer], **arguments: Any) -> Answer:
        try:
            return call(**arguments)
        except EngineUnavailableError:
            raise
        except Exception as error:
            raise _unavailable(error) from error


def _unavailable(error: Exception) -> EngineUnavailableError:
    return EngineUnavailableError(f"{type(error).__name__}: {error}")


def _operation(change: Change) -> dict[str, Any]:
    if change.document is None:
        return {"_op_type": "delete", "_id": str(change.id), "version": change.seq, "version_type": "external_gte"}
    return {
        "_op_type": "index",
        "_id": str(change.id),
        "version": change.document.version,
        "version_type": "external_gte",
        "_source": build.source(change.document),
    }
