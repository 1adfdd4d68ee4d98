"""Dates of offers: runs with sessions and seats, never with people. A run that is there stays as organisers left it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from home.moving.lines import LineError
from home.moving.values import plain
from trainings.models import OfferPage, Pool, Run, Session, ensure_offer

PARTS: dict[str, type[models.Model]] = {"sessions": Session, "pools": Pool}
KEPT_HERE = {
    Run: {"id", "offer", "starts_at", "ends_at", "owner"},  # the organiser is a user of one site
    Session: {"id", "run"},
    Pool: {"id", "run", "places_taken", "places_held"},
}


def fields_of(model: Any) -> dict[str, Any]:
    """Return what a line may say of a run, session or pool."""
    return {field.name: field for field in model._meta.concrete_fields if field.name not in KEPT_HERE[model]}


def write_runs(page: OfferPage, runs: list[Any]) -> list[str]:
    """Make the runs that are not there yet; return the numbers of those that are. Raises LineError."""
    offer = ensure_offer(page)
    kept = []
    for facts in runs:
        number = str(_dict(facts).get("number", "")).lower()
        existing = Run.objects.filter(Q(number=number)).first()
        if existing is not None and existing.offer_id != offer.pk:
            raise LineError(_("The run “%(number)s” belongs to another offer.") % {"number": number})
        if existing is not None:
            kept.append(number)
            continue
        own = {name: value for name, value in facts.items() if name not in PARTS}
        run = _made(Run, {**own, "number": number}, offer=offer)
        for name, model in PARTS.items():
            for part in facts.get(name) or []:
                _made(model, _dict(part), run=run)
    return kept


def _made(model: Any, facts: dict[str, Any], **owner: Any) -> Any:
    fields = fields_of(model)
    if unknown := sorted(set(facts) - set(fields)):
        raise LineError(_("Unknown in “runs”: %(names)s") % {"names": ", ".join(unknown)})
    row = model(**owner, **{name: plain(fields[name], value) for name, value in facts.items()})
    try:
        row.full_clean()
    except ValidationError as error:
        raise LineError(_("Run “%(row)s”: %(reason)s") % {"row": row, "reason": " ".join(error.messages)}) from error
    row.save()
    return row


def _dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise LineError(_("“%(name)s” has the wrong type.") % {"name": "runs"})
    return value


def read_runs(page: OfferPage) -> list[dict[str, Any]]:
    """Return the published runs of an offer as a line says them."""
    runs = Run.objects.published().filter(offer__translation_key=page.translation_key).for_display()
    return [
        {
            **_said(run),
            "sessions": [_said(session) for session in run.sessions.all()],
            "pools": [_said(pool) for pool in run.pools.all()],
        }
        for run in runs
    ]


def _said(row: Any) -> dict[str, Any]:
    return {
        name: value if isinstance(value := getattr(row, name), bool | int) else str_of(value)
        for name in fields_of(type(row))
        if getattr(row, name) not in (None, "")
    }


def str_of(value: Any) -> str:
    """Return a date, number or text as a line says it."""
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
