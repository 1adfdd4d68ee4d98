"""Brings the search up to date before the site serves: rows for pages that have none, indexes that are missing."""

from __future__ import annotations

from cms.prepare import Say, step
from search import documents, indexing
from search.engines import choice
from search.engines.interface import EngineUnavailableError


def ensure_indexes(say: Say) -> None:
    """Build what is missing or of an older version; a cluster that does not answer now is left to the worker."""
    documents.repair()
    for engine in choice.engines():
        try:
            wanting = [locale for locale in indexing.locales() if not engine.health(locale).is_ok]
            if wanting:
                with step(say, f"Building the search index ({engine.name})"):
                    for locale in wanting:
                        indexing.catch_up(engine, locale)
        except EngineUnavailableError as error:
            say(f"The search index of {engine.name} is left to the worker: {error}")
