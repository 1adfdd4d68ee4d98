"""What time does: holds and offers end, reminders go out, decisions fall due. Each clock may run twice at once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.utils import timezone

from trainings import notifications
from trainings.errors import BusyError
from trainings.models import Booking, Registration, Run
from trainings.registration_states import RegistrationState
from trainings.services import closing, interests, registering, running, waiting_list

logger = logging.getLogger(__name__)
REMIND_DAYS = (7, 1)
NAMES_DUE_DAYS = 3


def register() -> None:
    """Register the clocks with the worker."""
    from cms import worker

    worker.register(expire, every=20, group="registration")
    worker.register(remind, every=300, group="registration")


def expire() -> int:
    """End holds and offers whose time has passed and serve who is next; return how many runs that concerned."""
    now = timezone.now()
    count = _each(registering.runs_with_due_holds(now), registering.expire_holds)
    count += _each(waiting_list.runs_with_due_offers(now), waiting_list.lapse_offers)
    return count + _each(waiting_list.runs_with_people_in_line(), waiting_list.open_line)


def _each(run_ids: Iterable[int], service: Callable[[int], object]) -> int:
    """Call a service for each run; one that fails does not stop the others."""
    count = 0
    for run_id in run_ids:
        try:
            service(run_id)
        except BusyError:
            logger.warning("Run %s was busy and comes again", run_id)
        except Exception:
            logger.exception("A clock failed for run %s", run_id)
        count += 1
    return count


def remind() -> None:
    """Remind of runs that are near, of missing names and of decisions; ask how it was. Each message exists once."""
    now = timezone.now()
    _remind_of_runs(now)
    _remind_of_names(now)
    for run in running.runs_to_decide(now):
        notifications.organiser(run, "decide", key=f"{run.go_nogo_at:%Y%m%d}")
    for run in interests.runs_to_announce():
        interests.announce(run)
    for run in closing.runs_to_evaluate(now):
        closing.invite_to_evaluate(run)


def _remind_of_runs(now: dt.datetime) -> None:
    """Send each reminder once for each date; after a pause of the worker only the one whose time it is."""
    for days, too_late in zip(REMIND_DAYS, (*REMIND_DAYS[1:], 0), strict=True):
        begins = (now + dt.timedelta(days=too_late), now + dt.timedelta(days=days))
        runs = Run.objects.published().filter(
            starts_at__gt=begins[0], starts_at__lte=begins[1], cancelled_at__isnull=True
        )
        for run in runs:
            late = run.starts_at - dt.timedelta(days=days)  # type: ignore[operator]  # filtered by it
            rows = Registration.objects.filter(run=run, state=RegistrationState.CONFIRMED, created_at__lt=late)
            notifications.reminder(list(rows.select_related("booking").order_by("pk")), days=days)


def _remind_of_names(now: dt.datetime) -> None:
    runs = Run.objects.filter(names_due__gt=now, names_due__lte=now + dt.timedelta(days=NAMES_DUE_DAYS))
    bookings = Booking.objects.filter(
        run__in=runs, registrations__name="", registrations__state=RegistrationState.CONFIRMED
    )
    for booking in bookings.distinct():
        notifications.names_due(booking, key=f"{booking.run.names_due:%Y%m%d}")
