"""What an issue says, as plain parts: the web page, the HTML mail and the plain text print the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import translation
from wagtail.models import Page

from cms.pages import ranks_of
from cms.templatetags.look import period
from cms.version import kept
from home.newsletter.models.mailings import FrozenDates
from trainings.catalogue import coming_offers, with_runs
from trainings.models import OfferPage


@dataclass(frozen=True)
class Entry:
    """A page of this site as a mail or a list names it; `url` begins with a slash."""

    title: str
    text: str
    url: str
    kind: str
    meta: str = ""


@dataclass(frozen=True)
class Part:
    """One block of an issue. `text` is rich text as stored, `picture` the value of a picture block."""

    kind: str
    title: str = ""
    text: str = ""
    signature: str = ""
    entries: list[Entry] = field(default_factory=list)
    picture: Any = None


def parts_of(page: Any) -> list[Part]:
    """Return the parts of an issue in its own language."""
    with translation.override(page.locale.language_code):
        frozen = (
            FrozenDates.objects.filter(page_id=page.pk).values_list("entries", flat=True).first() if page.pk else None
        )
        parts = [_part(block, page, frozen) for block in page.body]
    return [part for part in parts if part.kind not in ("teasers", "dates") or part.entries]


def _part(block: Any, page: Any, frozen: dict[str, Any] | None) -> Part:
    kind, value = block.block_type, block.value
    if kind == "teasers":
        return Part(kind, title=value["title"], entries=teasers(chosen_keys(value), page))
    if kind == "dates":
        kept_entries = (frozen or {}).get(str(block.id))
        entries = [Entry(**one) for one in kept_entries] if kept_entries is not None else dates(page, value["most"])
        return Part(kind, title=value["title"], entries=entries)
    if kind == "picture":
        return Part(kind, picture=value)
    return Part(kind, title=value.get("title", ""), text=value["text"].source, signature=value.get("signature") or "")


def chosen_keys(value: Any) -> tuple[int, ...]:
    """Return the primary keys of the chosen pages; a deleted one is none."""
    return tuple(page.pk for page in value["pages"] if page is not None)


def teasers(keys: Iterable[int], beside: Page) -> list[Entry]:
    """Return the chosen pages in the language of the issue and the order of choice."""
    ordered = tuple(keys)
    return kept(("infobrief teasers", beside.locale_id, ordered), lambda: entries_of(own_pages(ordered, beside)))


def own_pages(keys: Iterable[int], beside: Page) -> list[Any]:
    """Return the live pages behind chosen ones, in the language of the issue."""
    ranks = ranks_of(keys)
    pages = Page.objects.live().public().filter(translation_key__in=ranks, locale_id=beside.locale_id)
    return sorted(pages.specific(), key=lambda page: ranks[page.translation_key]) if ranks else []


def entries_of(pages: list[Any]) -> list[Entry]:
    """Return pages as entries; offers with their next date."""
    with_runs([page for page in pages if isinstance(page, OfferPage)])
    return [_entry(page) for page in pages]


def _entry(page: Any) -> Entry:
    meta = _when_and_where(page) if isinstance(page, OfferPage) else ""
    return Entry(page.title, getattr(page, "teaser", ""), page.url or "", str(getattr(page, "kind_label", "")), meta)


def dates(page: Any, most: int) -> list[Entry]:
    """Return the next offers as they are now."""
    return [_entry(offer) for offer in coming_offers(page, limit=most)]


def _when_and_where(page: Any) -> str:
    run = page.next_run
    if run is None:
        when = period(getattr(page, "starts_on", None), getattr(page, "ends_on", None)) or getattr(page, "window", "")
        return ", ".join(str(part) for part in (when, getattr(page, "place", "")) if part)
    when = period(run.first_day, run.last_day) if run.first_day else ""
    place = run.city or str(run.get_mode_display())
    return ", ".join(part for part in (when, place) if part)


def freeze_dates(page: Any) -> None:
    """Keep the dates an issue names today for its page in the archive; the first freezing stays."""
    with translation.override(page.locale.language_code):
        entries = {
            str(block.id): [asdict(entry) for entry in dates(page, block.value["most"])]
            for block in page.body
            if block.block_type == "dates"
        }
    FrozenDates.objects.get_or_create(page_id=page.pk, defaults={"entries": entries})


def freeze_archive(page: Any) -> None:
    """Freeze the dates of an issue that is never sent, when it is first published. Safe to call twice."""
    if getattr(page, "archive_only", False) and not FrozenDates.objects.filter(page_id=page.pk).exists():
        freeze_dates(page)
