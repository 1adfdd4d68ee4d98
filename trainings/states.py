"""Seats and status of a run, computed from its decisions, seats and the clock; never stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms import version
from cms.vocabularies import Admission

if TYPE_CHECKING:
    from trainings.models import Run


@dataclass(frozen=True)
class Seats:
    """All seats of a run and those nobody holds; None when a pool is open."""

    capacity: int | None = None
    left: int | None = None

    @property
    def taken_share(self) -> int | None:
        """Return how full the run is in per cent."""
        return round(100 * (self.capacity - (self.left or 0)) / self.capacity) if self.capacity else None


class RunStatus(models.TextChoices):
    """What a reader is told about a run."""

    DRAFT = "draft", _("Draft")
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Registration open")
    WAITING = "waiting", _("Full, with waiting list")
    FULL = "full", _("Full")
    INTEREST = "interest", _("Interest list")
    CLOSED = "closed", _("Registration closed")
    RUNNING = "running", _("Running")
    CANCELLED = "cancelled", _("Cancelled")
    OVER = "over", _("Over")
    ARCHIVED = "archived", _("Archived")


def run_status(run: Run, now: dt.datetime, seats: Seats | None = None) -> RunStatus:
    """Return the status at a moment. A cancelled run stays cancelled; decisions come before the clock.

    Whoever has looked at the seats already hands them over. It depends on seats and clock, so whoever shows it may
    be kept for seconds only.
    """
    version.lasts()
    if run.published_at is None or run.published_at > now:
        return RunStatus.DRAFT
    if run.archived_at is not None and run.archived_at <= now:
        return RunStatus.ARCHIVED
    if run.cancelled_at is not None:
        return RunStatus.CANCELLED
    if run.ends_at is not None and run.ends_at < now:
        return RunStatus.OVER
    if run.starts_at is not None and run.starts_at <= now:
        return RunStatus.RUNNING
    return _registration_status(run, now, seats or run.seats)


def _registration_status(run: Run, now: dt.datetime, seats: Seats) -> RunStatus:
    if run.admission == Admission.INTEREST:
        return RunStatus.INTEREST
    if run.opens_at is not None and run.opens_at > now:
        return RunStatus.PLANNED
    if run.closes_at is not None and run.closes_at < now:
        return RunStatus.CLOSED
    if seats.left == 0 and run.admission == Admission.FCFS:
        return RunStatus.WAITING if run.waiting_list else RunStatus.FULL
    return RunStatus.OPEN
