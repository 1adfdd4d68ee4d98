"""Keeps search and reference index of the admin still during an import, and brings them up to date once at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_save
from modelsearch import index
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex
from wagtail.search.backends import get_search_backends
from wagtail.signal_handlers import disable_reference_index_auto_update

from home.models import ImportedItem
from home.moving.kinds import FILES, PAGES, ROWS
from home.moving.turns import Turns

BATCH = 100


@contextmanager
def quiet_indexes() -> Iterator[None]:
    """Save without touching the two indexes; only this process is quiet."""
    watched = [model for model in index.get_indexed_models() if post_save.disconnect(post_save_signal_handler, model)]
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        for model in watched:
            post_save.connect(post_save_signal_handler, sender=model)


def index_imported(progress: Callable[[int], None] = lambda _count: None) -> int:
    """Index what imports have brought since the last time, also those that were broken off; return how many."""
    done, turns = 0, Turns()
    while batch := list(ImportedItem.objects.filter(is_indexed=False).order_by("kind", "pk")[:BATCH]):
        with transaction.atomic():
            for kind, records in groupby(batch, lambda record: record.kind):
                _index(_model(kind), [record.page_id or record.object_id for record in records])
            ImportedItem.objects.filter(pk__in=[record.pk for record in batch]).update(is_indexed=True)
        done += len(batch)
        progress(len(batch))
        turns.give()
    return done


def _model(kind: str) -> type[models.Model]:
    if kind in PAGES:
        return PAGES[kind].model
    return FILES[kind] if kind in FILES else ROWS[kind].model


def _index(model: Any, keys: list[Any]) -> None:
    rows = list(model._default_manager.filter(pk__in=[key for key in keys if key]))
    if index.class_is_indexed(model):
        for backend in get_search_backends():
            backend.add_bulk(model, rows)
    if issubclass(model, Page):
        rows += list(Redirect.objects.filter(redirect_page_id__in=[row.pk for row in rows]))
    if ReferenceIndex.is_indexed(model):
        for row in rows:
            ReferenceIndex.create_or_update_for_object(row)
