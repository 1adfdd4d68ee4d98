"""Compares an index with the rows, document by document, and repairs the difference."""

from __future__ import annotations

from search import indexing
from search.engines.interface import Change, Engine
from search.models import SearchDocument

CHUNK = 500


def verify(engine: Engine, locale: str) -> list[int]:
    """Return the ids that were missing, too old or too much in an index that has caught up; they are put right."""
    there = engine.versions(locale)
    rows = dict(SearchDocument.objects.filter(locale=locale).values_list("pk", "version"))
    wrong = sorted(key for key in {*there, *rows} if there.get(key) != rows.get(key))
    seq = indexing.last_seq()
    lexicon = engine.lexicon(locale)
    for start in range(0, len(wrong), CHUNK):
        keys = wrong[start : start + CHUNK]
        documents = {document.id: document for document in indexing.documents_of(keys, locale, lexicon)}
        engine.apply(locale, [Change(seq, key, documents.get(key)) for key in keys], seq=seq, again=True)
    return wrong
