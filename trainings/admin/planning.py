"""Across runs: the calendar of a month, and which runs wait for a decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trainings.admin.access import ORGANISE, own_runs, require
from trainings.admin.pages import show
from trainings.admin.rows import Counts, counts_of, with_titles
from trainings.models import Run, Session

NEAR = dt.timedelta(days=7)


def calendar(request: HttpRequest) -> HttpResponse:
    """List the sessions of one's runs in a month, and what is due in it; `?month=2027-03`."""
    runs = own_runs(request.user)
    require(request, ORGANISE)
    first = _month(request.GET.get("month", ""))
    after = _shifted(first, 1)
    span = [timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in (first, after)]
    sessions = Session.objects.filter(run__in=runs, starts_at__gte=span[0], starts_at__lt=span[1])
    by_run = {run.pk: run for run in _loaded(runs.filter(pk__in=sessions.values("run_id")))}
    counts = counts_of(list(by_run))
    lines = [(session, by_run[session.run_id], counts[session.run_id]) for session in sessions.order_by("starts_at")]
    undated = _loaded(runs.filter(starts_at__isnull=True, archived_at__isnull=True))
    return show(
        request,
        "calendar",
        title=_("Calendar of runs"),
        lines=lines,
        first=first,
        undated=undated,
        before=f"{_shifted(first, -1):%Y-%m}",
        after=f"{after:%Y-%m}",
    )


def _loaded(runs: Any) -> list[Run]:
    return list(with_titles(runs).prefetch_related("pools").order_by("starts_at", "pk"))


def _month(text: str) -> dt.date:
    """Return the first day of the month that was asked for, else of this one."""
    try:
        return _shifted(dt.datetime.strptime(text, "%Y-%m").date(), 0)  # noqa: DTZ007 - a month has no time zone
    except ValueError:
        return timezone.localdate().replace(day=1)


def _shifted(first: dt.date, months: int) -> dt.date:
    number = first.year * 12 + first.month - 1 + months
    year, month = divmod(number, 12)
    return dt.date(max(2000, min(2999, year)), month + 1, 1)


@dataclass(frozen=True)
class ToDo:
    """A run that needs somebody, and why."""

    run: Run
    reasons: list[str]


def to_do(user: Any) -> list[ToDo]:
    """Return the own runs that wait for a decision, the nearest first."""
    now = timezone.now()
    runs = own_runs(user).published().filter(cancelled_at__isnull=True).coming()
    loaded = _loaded(runs)
    counts = counts_of([run.pk for run in loaded])
    found = [ToDo(run, _reasons(run, counts[run.pk], now)) for run in loaded]
    return [one for one in found if one.reasons]


def _reasons(run: Run, counts: Counts, now: dt.datetime) -> list[str]:
    reasons = []
    if run.go_nogo_at and not run.guaranteed_at and run.go_nogo_at <= now + NEAR:
        text = _("Decide whether it takes place: %(taken)s of at least %(minimum)s.")
        reasons.append(text % {"taken": counts.taken, "minimum": run.min_participants or 0})
    if counts.requests:
        text = ngettext("%(count)s request to cancel.", "%(count)s requests to cancel.", counts.requests)
        reasons.append(text % {"count": counts.requests})
    if counts.applied and (run.closes_at is None or run.closes_at < now):
        text = ngettext("%(count)s application to decide.", "%(count)s applications to decide.", counts.applied)
        reasons.append(text % {"count": counts.applied})
    return reasons
