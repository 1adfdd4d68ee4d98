"""Runs of the demo: dates count from the day of loading."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from home.demo.values import moment
from home.models import DemoItem
from trainings.models import OfferPage, Pool, Run, Session, ensure_offer

if TYPE_CHECKING:
    from home.demo.loader import Loader

PLAIN = (
    "title_de",
    "title_en",
    "mode",
    "admission",
    "external_url",
    "venue",
    "street",
    "postal_code",
    "city",
    "min_participants",
    "municipality_cap",
    "waiting_list",
    "fee",
)
MOMENTS = ("opens_at", "closes_at", "cancel_until", "decide_by", "go_nogo_at")


def load_runs(page: OfferPage, runs: list[dict[str, Any]], loader: Loader) -> None:
    """Make the runs of an offer once; those that exist stay as organisers left them."""
    offer = ensure_offer(page)
    for facts in runs:
        key = f"runs/{facts['number']}"
        if key in loader.records or Run.objects.filter(number=str(facts["number"]).lower()).exists():
            continue
        run = _run(facts, loader.today)
        run.offer = offer
        run.save()
        kind = ContentType.objects.get_for_model(Run)
        loader.records[key] = DemoItem.objects.create(key=key, content_type=kind, object_id=str(run.pk), digest="1")
        for session in facts.get("sessions", []):
            _session(run, session, loader.today)
        for pool in facts.get("pools", []):
            Pool.objects.create(run=run, **pool)


def _run(facts: dict[str, Any], today: dt.date) -> Run:
    run = Run(number=str(facts["number"]).lower(), published_at=timezone.now())
    for name in PLAIN:
        if facts.get(name) is not None:
            setattr(run, name, facts[name])
    for name in MOMENTS:
        value = facts.get(name, facts.get(name.removesuffix("_at")))
        if value is not None:
            setattr(run, name, _when(value, today))
    for name in ("guaranteed", "cancelled"):
        if facts.get(name):
            setattr(run, f"{name}_at", timezone.now())
    return run


def _when(value: Any, today: dt.date) -> dt.datetime:
    if isinstance(value, dict):
        return moment(value["day"], str(value.get("time", "12:00")), today)
    return moment(int(value), "12:00", today)


def _session(run: Run, facts: dict[str, Any], today: dt.date) -> None:
    Session.objects.create(
        run=run,
        starts_at=moment(facts["day"], str(facts["start"]), today),
        ends_at=moment(facts.get("end_day", facts["day"]), str(facts["end"]), today),
        **{name: facts[name] for name in ("room", "title_de", "title_en", "mandatory") if facts.get(name) is not None},
    )
