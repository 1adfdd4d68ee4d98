"""Brings the search up to date before the site serves: rows for pages that have none, indexes that are missing."""

from __future__ import annotations

from cms.prepare import Say, step
from search import documents, indexing
from search.engines import choice
from search.engines.interface import Engine, EngineUnavailableError


def ensure_indexes(say: Say) -> None:
    """Build what is missing, of an older version or made with too few words; apply what is in the log."""
    documents.repair()
    wanting = [locale for locale in indexing.locales() if indexing.has_outgrown_its_words(locale)]
    if wanting:
        with step(say, "Building the search index"):
            for locale in wanting:
                indexing.rebuild_all(locale)
    for engine in choice.engines():
        try:
            _catch_up(engine, say)
        except EngineUnavailableError as error:
            say(f"The search index of {engine.name} is left to the worker: {error}")


def _catch_up(engine: Engine, say: Say) -> None:
    missing = [locale for locale in indexing.locales() if not engine.health(locale).is_ok]
    if missing:
        with step(say, f"Building the search index ({engine.name})"):
            for locale in missing:
                indexing.catch_up(engine, locale)
    for locale in indexing.locales():
        indexing.catch_up(engine, locale)
