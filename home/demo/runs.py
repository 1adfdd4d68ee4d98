"""Runs of the demo: dates count from the Monday of the week of loading and move on with a later load."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F

from home.demo import asking, registrations
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
SESSION_PLAIN = ("room", "title_de", "title_en", "mandatory")
Facts = dict[str, Any]


def load_runs(page: OfferPage, runs: list[Facts], loader: Loader) -> None:
    """Make the runs of an offer once; those that exist stay as organisers left them."""
    offer = ensure_offer(page)
    for facts in runs:
        key = f"runs/{facts['number']}"
        if key in loader.records or Run.objects.filter(number=str(facts["number"]).lower()).exists():
            continue
        run = _run(facts, loader.base)
        run.offer = offer
        run.owner = registrations.account(asking.ORGANISER, loader) if facts.get("owned") else None
        run.save()
        for session in facts.get("sessions", []):
            Session.objects.create(run=run, **_session(session, loader.base))
        for pool in facts.get("pools", []):
            Pool.objects.create(run=run, mode=pool["mode"], capacity=pool["capacity"])
        asking.add_questions(run, facts.get("questions", []))
        asking.add_materials(run, facts.get("materials", []), loader)
        _populate(run, facts, loader)
        _remember(key, run, loader)


def _populate(run: Run, facts: Facts, loader: Loader) -> None:
    """Let people register, and cancel the run where the facts say so."""
    fresh = Run.objects.select_related("offer").get(pk=run.pk)
    registrations.populate(fresh, facts.get("pools", []), loader, cancelled=bool(facts.get("cancelled")))
    asking.add_answers(fresh, facts.get("questions", []))


def move_runs(runs: list[Facts], loader: Loader) -> None:
    """Move the dates of runs on that are still as the demo made them; one an organiser or a visitor used stays.

    The invented people register anew: what they did belongs to the old dates.
    """
    for facts in runs:
        record = loader.records.get(f"runs/{facts['number']}")
        if record is None or (loaded := _loaded_on(record)) is None or loaded >= loader.base:
            continue
        run = Run.objects.filter(pk=record.object_id).first()
        if run is not None and _is_as_loaded(run, facts, loaded):
            _move(run, facts, loader)
            _remember(record.key, run, loader)


def _remember(key: str, run: Run, loader: Loader) -> None:
    """Note a run and the Monday from which its dates count."""
    kind = ContentType.objects.get_for_model(Run)
    values = {"content_type": kind, "object_id": str(run.pk), "digest": loader.base.isoformat()}
    loader.records[key], _new = DemoItem.objects.update_or_create(key=key, defaults=values)
    loader.changed += 1


def _loaded_on(record: DemoItem) -> dt.date | None:
    try:
        return dt.date.fromisoformat(record.digest)
    except ValueError:
        return None


def _is_as_loaded(run: Run, facts: Facts, base: dt.date) -> bool:
    """Compare a run with what the demo made of its facts on a Monday: dates, sessions, seats."""
    made = _run(facts, base)
    sessions = [_session(session, base) for session in facts.get("sessions", [])]
    found = [{name: getattr(row, name) for name in made_row} for row, made_row in _pairs(run, sessions)]
    seats = sorted((pool.mode, pool.capacity) for pool in run.pools.all())
    wanted = sorted((pool["mode"], pool["capacity"]) for pool in facts.get("pools", []))
    same_moments = all(getattr(run, name) == getattr(made, name) for name in MOMENTS)
    return (
        same_moments
        and bool(run.cancelled_at) == bool(facts.get("cancelled"))
        and found == sessions
        and seats == wanted
        and registrations.is_untouched(run)
    )


def _pairs(run: Run, sessions: list[Facts]) -> list[tuple[Session, Facts]]:
    rows = list(run.sessions.all())
    return list(zip(rows, sessions, strict=True)) if len(rows) == len(sessions) else []


@transaction.atomic
def _move(run: Run, facts: Facts, loader: Loader) -> None:
    base = loader.base
    made = _run(facts, base)
    registrations.depopulate(run)
    run.cancelled_at = None
    for name in MOMENTS:
        setattr(run, name, getattr(made, name))
    run.save()
    for row, values in _pairs(run, [_session(session, base) for session in facts.get("sessions", [])]):
        row.starts_at, row.ends_at = values["starts_at"], values["ends_at"]
        row.save()
        Session.objects.filter(pk=row.pk).update(ical_sequence=F("ical_sequence") + 1)
    _populate(run, facts, loader)


def _run(facts: Facts, base: dt.date) -> Run:
    run = Run(number=str(facts["number"]).lower(), published_at=moment(0, "00:00", base))
    for name in PLAIN:
        if facts.get(name) is not None:
            setattr(run, name, facts[name])
    for name in MOMENTS:
        value = facts.get(name, facts.get(name.removesuffix("_at")))
        if value is not None:
            setattr(run, name, _when(value, base))
    if facts.get("guaranteed"):
        run.guaranteed_at = run.published_at
    return run


def _when(value: Any, base: dt.date) -> dt.datetime:
    if isinstance(value, dict):
        return moment(value["day"], str(value.get("time", "12:00")), base)
    return moment(int(value), "12:00", base)


def _session(facts: Facts, base: dt.date) -> Facts:
    """Return the values of a session."""
    return {
        "starts_at": moment(facts["day"], str(facts["start"]), base),
        "ends_at": moment(facts.get("end_day") or facts["day"], str(facts["end"]), base),
        **{name: facts[name] for name in SESSION_PLAIN if facts.get(name) is not None},
    }
