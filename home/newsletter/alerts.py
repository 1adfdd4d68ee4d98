"""New offers and material on chosen steps and topics: collected once a day, sent like an issue, one mail a reader."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from cms.outbox.kinds import Mail
from cms.outbox.services import NEVER_SENT
from home.newsletter.content import Part, entries_of
from home.newsletter.models import Delivery, Mailing, MailingState, Subscriber
from home.newsletter.rendering import render_parts
from knowledge.models import MaterialPage
from trainings.models import ExchangePage, TrainingPage

HOURS = range(7, 11)  # in the morning; a worker that was down then collects on the next day what was missed
TOLD_OF: tuple[Any, ...] = (TrainingPage, ExchangePage, MaterialPage)
LOOKS_BACK = dt.timedelta(days=2)  # where nothing was ever told


def tick() -> int:
    """Tell once a day what is new; the worker calls this again and again. Return how many mails follow."""
    if timezone.localtime().hour not in HOURS:
        return 0
    return sum(tell(language) for language in ("de", "en"))


@transaction.atomic
def tell(language: str, *, now: dt.datetime | None = None) -> int:
    """Make one mailing of what was first published in a language since the last one; at most one a day."""
    until = now or timezone.now()
    locale = Locale.objects.select_for_update().filter(language_code=language).first()
    earlier = Mailing.objects.filter(kind=Mailing.Kind.ALERT, language=language).order_by("-scheduled_for").first()
    since = earlier.scheduled_for if earlier and earlier.scheduled_for else until - LOOKS_BACK
    if locale is None or (earlier and timezone.localdate(since) == timezone.localdate(until)):
        return 0
    pages = [page for model in TOLD_OF for page in _new_pages(model, locale, since, until)]
    wanted = _wanted(language, pages) if pages else {}
    if not wanted:
        return 0
    mailing = Mailing.objects.create(
        kind=Mailing.Kind.ALERT, language=language, state=MailingState.SENDING, scheduled_for=until, started_at=until
    )
    rows = [
        Delivery(mailing=mailing, subscriber=row, domain=row.email_norm.rpartition("@")[2], pages=keys)
        for row, keys in wanted.items()
    ]
    Delivery.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _new_pages(model: Any, locale: Locale, since: dt.datetime, until: dt.datetime) -> list[Any]:
    fresh = model.objects.visible().filter(locale=locale, first_published_at__gt=since, first_published_at__lte=until)
    return list(fresh.prefetch_related("steps", "topics").order_by("first_published_at"))


def _wanted(language: str, pages: list[Any]) -> dict[Subscriber, list[int]]:
    """Return who wants to hear of which pages; nothing that is older than the reader's confirmation.

    The demo's invented readers are left out: nothing ever leaves to them.
    """
    found: dict[Subscriber, list[int]] = defaultdict(list)
    readers = Subscriber.objects.reachable().filter(wants_alerts=True, language=language)
    readers = readers.exclude(email_norm__endswith=NEVER_SENT)
    for page in pages:
        chosen = Q(steps__in=page.steps.all()) | Q(topics__in=page.topics.all())
        hearing = Subscriber.objects.filter(chosen).values("pk")
        for row in readers.filter(pk__in=hearing, confirmed_at__lt=page.first_published_at).order_by("pk"):
            found[row].append(page.pk)
    return found


def pages_of(delivery: Delivery) -> list[Any]:
    """Return the pages a delivery tells of that can still be read."""
    rows = Page.objects.live().public().filter(pk__in=delivery.pages)
    return sorted(rows.specific(), key=lambda page: delivery.pages.index(page.pk))


def render_alert(delivery: Delivery) -> Mail:
    """Return the mail of one reader in the language of the mailing."""
    with translation.override(delivery.mailing.language):
        entries = entries_of(pages_of(delivery))
        if len(entries) == 1:
            title = _("New: %(title)s") % {"title": entries[0].title}
        else:
            title = _("%(count)s new offers and materials for you") % {"count": len(entries)}
        return render_parts(
            [Part("teasers", entries=entries)], subject=title, title=title, lead="", url="", is_alert=True
        )
