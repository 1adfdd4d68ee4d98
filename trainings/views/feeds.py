"""Public feeds of runs: Atom, iCalendar, JSON; the filters are those of the catalogue's query string. No people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.i18n import language_suffix
from cms.templatetags.look import period
from cms.throttle import Limit, allow_read, client_address
from trainings.calendars import runs_calendar
from trainings.catalogue import find_offers
from trainings.models import OfferPage, Run
from trainings.structured_data import run_facts

READERS = Limit("feeds of runs", most=120, seconds=60)
WITH_SEATS = "public, max-age=5"  # seats change by the minute
WITHOUT_SEATS = "public, max-age=600"
MOST_ENTRIES = 100


@dataclass(frozen=True)
class Entry:
    """One run with the page that tells about it."""

    run: Run
    page: OfferPage

    @property
    def title(self) -> str:
        """Return the title of the offer with the addition of the run."""
        return " – ".join(part for part in (self.page.title, self.run.title) if part)

    @property
    def url(self) -> str:
        """Return the address of the run on the page."""
        return f"{self.page.full_url}#run-{self.run.number}"

    @property
    def summary(self) -> str:
        """Return when, where and how it stands."""
        run = self.run
        when = period(run.starts_at, run.ends_at) or _("Date to be set")
        place = ", ".join(part for part in (str(run.get_mode_display()), run.venue, run.city) if part)
        return f"{when} · {place} · {run.status_label}. {self.page.teaser}".strip()


def entries(query: QueryDict) -> list[Entry]:
    """Return the runs of the offers that a query string finds, those that fit themselves, the next one first."""
    is_past = query.get("when") == "past"
    pages = find_offers(query, language_suffix(get_language()))
    found = [
        Entry(run, page)
        for page in pages
        for run in (page.past_runs if is_past else page.coming_runs)
        if _fits(run, query)
    ]
    return sorted(found, key=lambda entry: entry.run.sort_key, reverse=is_past)[:MOST_ENTRIES]


def _fits(run: Run, query: QueryDict) -> bool:
    """Return whether a run itself has what was chosen: its offer may have others that fit."""
    fee = "" if run.fee is None else "free" if run.fee == 0 else "paid"
    chosen = {name: query.getlist(name) for name in ("mode", "fee", "month")}
    months = _months(run)
    return (
        (not chosen["mode"] or run.mode in chosen["mode"])
        and (not chosen["fee"] or fee in chosen["fee"])
        and (not chosen["month"] or bool(months & set(chosen["month"])))
    )


def _months(run: Run) -> set[str]:
    days = [day for day in (run.first_day, run.last_day) if day]
    return {f"{day:%Y-%m}" for day in days}


class RunsFeed(Feed):
    """The runs as Atom feed, the newest first."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QueryDict:
        """Keep the query string."""
        return request.GET

    def title(self, obj: QueryDict) -> str:
        """Name the feed."""
        return "Kommune goes International – " + _("Dates of trainings and exchanges")

    def link(self, obj: QueryDict) -> str:
        """Lead to the home page of the language."""
        return f"/{get_language()}/"

    def feed_url(self, obj: QueryDict) -> str:
        """Return the feed's own address."""
        return reverse("runs_atom") + (f"?{obj.urlencode()}" if obj else "")

    def items(self, obj: QueryDict) -> list[Entry]:
        """Return the runs, the newest first."""
        return sorted(entries(obj), key=_published, reverse=True)

    def item_title(self, item: Entry) -> str:
        """Return the title."""
        return item.title

    def item_description(self, item: Entry) -> str:
        """Return when, where and how it stands."""
        return item.summary

    def item_link(self, item: Entry) -> str:
        """Return the address of the run."""
        return item.url

    def item_guid(self, item: Entry) -> str:
        """Return an identity that survives a new address."""
        return f"urn:uuid:{item.run.public_id}"

    def item_pubdate(self, item: Entry) -> dt.datetime:
        """Return since when the run is public."""
        return _published(item)

    def item_updateddate(self, item: Entry) -> dt.datetime:
        """Return the last decision about the run."""
        decisions = (item.run.published_at, item.run.guaranteed_at, item.run.cancelled_at)
        return max(moment for moment in (*decisions, _published(item)) if moment)


def _published(entry: Entry) -> dt.datetime:
    return entry.run.published_at or timezone.now()


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The runs as calendar to subscribe to."""
    if not _may_read(request):
        return HttpResponse(status=429)
    found = [(entry.run, entry.page) for entry in entries(request.GET)]
    response = HttpResponse(
        runs_calendar(found, name="Kommune goes International"), content_type="text/calendar; charset=utf-8"
    )
    response.headers["Cache-Control"] = WITHOUT_SEATS
    return response


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The runs with their sessions, status and seats that are left, for other sites."""
    if not _may_read(request):
        return JsonResponse({"error": "Too many requests. Please wait a minute."}, status=429)
    runs = [run_facts(entry.run, entry.page, title=entry.title, url=entry.url) for entry in entries(request.GET)]
    answer = {"language": language_suffix(get_language()), "total": len(runs), "runs": runs}
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Cache-Control"] = WITH_SEATS
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _may_read(request: HttpRequest) -> bool:
    return allow_read(READERS, client_address(request))
