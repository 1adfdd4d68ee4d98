"""Which offers come next: a few plain values of each, so that a thousand runs cost no page anything."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from cms.pages import BasePage
from cms.version import kept
from trainings.models.runs import Run

NEW_RUNS_WITHIN = 60.0  # seconds until a run that is published by the clock shows up
FAR = dt.date(9999, 1, 1)
Moment = dt.datetime | None


@dataclass(frozen=True)
class Coming:
    """When an offer begins, and until when it is not over: None for ever."""

    key: int
    first_day: dt.date
    ends_at: Moment
    last_day: dt.date | None
    steps: frozenset[int]


def keys(beside: BasePage, step_id: int | None, limit: int) -> list[int]:
    """Return the next visible offers in the language of a page, of one step if given, soonest first.

    The order comes from this process's memory, at most a minute old; a change of a page or run is seen at once.
    """
    known = kept(("coming offers", beside.locale_id), lambda: _load(beside), seconds=NEW_RUNS_WITHIN)
    now, today = timezone.now(), timezone.localdate()
    fitting = (one for one in known if (step_id is None or step_id in one.steps) and not _is_over(one, now, today))
    return [one.key for one in islice(fitting, limit)]


def _is_over(one: Coming, now: dt.datetime, today: dt.date) -> bool:
    return (one.ends_at is not None and one.ends_at < now) or (one.last_day is not None and one.last_day < today)


def _load(beside: BasePage) -> list[Coming]:
    runs = _runs()
    found = [_with_runs(row, runs[row["translation_key"]]) for row in _pages(beside)]
    return sorted((one for one in found if one is not None), key=lambda one: one.first_day)


def _pages(beside: BasePage) -> Iterator[dict[str, Any]]:
    """Yield key, days and steps of each visible offer."""
    from trainings.models import ExchangePage, TrainingPage

    models: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (TrainingPage, ()),
        (ExchangePage, ("starts_on", "ends_on", "deadline")),
    )
    for model, days in models:
        rows = model.objects.beside(beside)
        links = model.steps.through.objects.filter(**{f"{model._meta.model_name}__in": rows})
        steps: dict[int, set[int]] = defaultdict(set)
        for page, step in links.values_list(f"{model._meta.model_name}_id", "developmentstep_id"):
            steps[page].add(step)
        for row in rows.values("pk", "translation_key", *days):
            yield {**row, "steps": frozenset(steps[row["pk"]])}


def _runs() -> dict[UUID, list[tuple[Moment, Moment, str]]]:
    """Return beginning, end and time zone of all published runs of each offer, the first one first."""
    found: dict[UUID, list[tuple[Moment, Moment, str]]] = defaultdict(list)
    rows = Run.objects.published().order_by("starts_at", "pk")
    for key, *run in rows.values_list("offer__translation_key", "starts_at", "ends_at", "timezone_name"):
        found[key].append((run[0], run[1], run[2]))
    return found


def _with_runs(row: dict[str, Any], runs: list[tuple[Moment, Moment, str]]) -> Coming | None:
    """Return an offer by its runs to come, or by its own days where it never had any; None when all are over."""
    own_day = row.get("starts_on") or row.get("deadline") or FAR
    if not runs:
        last_day = row.get("deadline") or row.get("ends_on")
        return Coming(row["pk"], own_day, None, last_day, row["steps"])
    now = timezone.now()
    left = [run for run in runs if run[1] is None or run[1] >= now]
    if not left:
        return None
    first = next((_day(starts_at, zone) for starts_at, _ends_at, zone in left if starts_at is not None), own_day)
    ends = [ends_at for _starts_at, ends_at, _zone in left if ends_at is not None]
    return Coming(row["pk"], first, max(ends) if len(ends) == len(left) else None, None, row["steps"])


def _day(moment: dt.datetime, zone: str) -> dt.date:
    return moment.astimezone(ZoneInfo(zone)).date()
