"""Keeps what is findable in step with the pages: each change with its line in the log, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from wagtail.models import Page

from cms.findable import Findable
from cms.pages import BasePage, private_paths
from cms.version import raise_counter
from search.models import SearchChange, SearchDocument
from search.words import SEARCH

BATCH = 200
WRITTEN = (
    *("locale", "kind", "title", "lead", "text", "words", "facets", "files"),
    *("date", "last_day", "expires", "stale_on", "digest"),
)


def row_of(page: Page) -> SearchDocument | None:
    """Return the row that a page should have; None where nobody may see it or it wants not to be found."""
    if not page.live or page.path.startswith(private_paths()):
        return None
    page = page.specific
    if not isinstance(page, BasePage) or page.get_url_parts() is None:
        return None
    with translation.override(_interface_language(page)):
        found = page.search_document()
    return None if found is None else _row(page, found)


def remember(pages: Iterable[Page]) -> int:
    """Bring the rows of these pages up to date; return how many changed. Pages nobody may see lose their row."""
    rows, gone = {}, []
    for page in pages:
        row = row_of(page)
        if row is None:
            gone.append(page.pk)
        else:
            rows[page.pk] = row
    return write(list(rows.values())) + forget(gone)


@transaction.atomic
def write(rows: Sequence[SearchDocument]) -> int:
    """Write the rows that differ from what is known, each with its line in the log; return how many there were."""
    known = dict(SearchDocument.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "digest"))
    changed = [row for row in rows if known.get(row.pk) != row.digest]
    if changed:
        _take_turn()
        log(changed)
        SearchDocument.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["page"], update_fields=[*WRITTEN, "version"]
        )
        _announce()
    return len(changed)


@transaction.atomic
def forget(keys: Iterable[int]) -> int:
    """Take pages out of what is findable; return how many were in it."""
    rows = list(SearchDocument.objects.filter(pk__in=list(keys)).only("pk", "locale"))
    if rows:
        _take_turn()
        log(rows, is_deletion=True)
        SearchDocument.objects.filter(pk__in=[row.pk for row in rows]).delete()
        _announce()
    return len(rows)


def touch(keys: Iterable[int]) -> int:
    """Have engines read these documents again, though their rows are the same (the text of a file was read)."""
    with transaction.atomic():
        rows = list(SearchDocument.objects.filter(pk__in=list(keys)).only("pk", "locale", "version"))
        if rows:
            _take_turn()
            log(rows)
            SearchDocument.objects.bulk_update(rows, ["version"])
            _announce()
    return len(rows)


def log(rows: Sequence[SearchDocument], *, is_deletion: bool = False) -> None:
    """Add lines to the log; the number of a line is the version of its document."""
    lines = [SearchChange(document_id=row.pk, locale=row.locale, is_deletion=is_deletion) for row in rows]
    for row, line in zip(rows, SearchChange.objects.bulk_create(lines), strict=True):
        row.version = line.seq


def mark_stale(keys: Iterable[int]) -> int:
    """Have the worker bring the rows of many pages up to date."""
    return SearchDocument.objects.filter(pk__in=keys).update(stale_on=timezone.localdate())


def refresh_stale() -> int:
    """Bring a batch of rows up to date on which the clock or a renamed topic has changed something."""
    keys = list(SearchDocument.objects.filter(stale_on__lte=timezone.localdate()).values_list("pk", flat=True)[:BATCH])
    pages = list(Page.objects.filter(pk__in=keys).specific())
    changed = remember(pages)
    if keys:  # what has not changed is not looked at again before tomorrow
        left = SearchDocument.objects.filter(pk__in=keys, stale_on__lte=timezone.localdate())
        left.update(stale_on=None)
    return changed


def repair() -> int:
    """Find pages that should have a row and have none, and rows without a public page; return how many there were."""
    visible = Page.objects.filter(live=True, depth__gt=1)
    for path in private_paths():
        visible = visible.exclude(path__startswith=path)
    wanted = set(visible.values_list("pk", flat=True))
    known = set(SearchDocument.objects.values_list("pk", flat=True))
    changed = forget(known - wanted)
    return changed + _remember_keys(sorted(wanted - known))


def repair_everything(progress: Callable[[int], object]) -> int:
    """Compare every row with its page, however long that takes."""
    changed = repair()
    keys = list(SearchDocument.objects.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        changed += _remember_keys(keys[start : start + BATCH])
        progress(min(BATCH, len(keys) - start))
    return changed


def _remember_keys(keys: Sequence[int]) -> int:
    changed = 0
    for start in range(0, len(keys), BATCH):
        changed += remember(Page.objects.filter(pk__in=keys[start : start + BATCH]).specific())
    return changed


def remember_below(path: str) -> int:
    """Bring a page and everything below it up to date (moved, made private or public again)."""
    return _remember_keys(list(Page.objects.filter(path__startswith=path).values_list("pk", flat=True)))


def _take_turn() -> None:
    """Lock the counters, always in this order: lines of the log become visible in the order of their numbers."""
    raise_counter()
    raise_counter(SEARCH)


def _announce() -> None:
    from search import applying, freshness  # they read what is written here

    freshness.changed()
    transaction.on_commit(applying.committed)


def _row(page: BasePage, found: Findable) -> SearchDocument:
    row = SearchDocument(
        page_id=page.pk,
        locale=page.locale.language_code,
        kind=found.kind,
        title=found.title,
        lead=found.lead,
        text=found.text,
        words="\n".join(word for word in found.words if word),
        facets=_codes(found),
        files=list(found.files),
        date=found.date,
        last_day=found.last_day,
        expires=found.expires,
        stale_on=found.stale_on,
    )
    row.digest = digest(row)
    return row


def _codes(found: Findable) -> list[str]:
    codes = {f"{name}:{code}" for name, values in found.facets.items() for code in values if code not in (None, "")}
    return sorted({f"kind:{found.kind}", *codes})


def digest(row: SearchDocument) -> str:
    """Return a fingerprint of everything that is searched or counted."""
    values: list[Any] = [str(getattr(row, name)) for name in WRITTEN if name != "digest"]
    return hashlib.blake2b(json.dumps(values).encode(), digest_size=16).hexdigest()


def _interface_language(page: Page) -> str:
    return "en" if page.locale.language_code == "en" else "de"
