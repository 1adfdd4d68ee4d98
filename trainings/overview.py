"""All bookings of one address: what comes, what was, how many hours people of the own house took part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from trainings import links
from trainings.models import Attendance, Booking, Registration, Run
from trainings.offer_pages import page_of
from trainings.papers import duration
from trainings.registration_states import RegistrationState


@dataclass(frozen=True)
class Line:
    """One booking of a coordinator, or one seat somebody else booked for the person."""

    row: Booking | Registration
    seats: list[Registration]
    title: str

    @property
    def run(self) -> Run:
        """Return the run."""
        return self.row.run

    @property
    def url(self) -> str:
        """Return the manage page."""
        return reverse("manage", args=[links.token(self.row)])

    @property
    def states(self) -> list[tuple[str, int]]:
        """Return how many seats stand where."""
        return list(Counter(str(seat.get_state_display()) for seat in self.seats).items())


class Overview:
    """What an address booked or was booked for; the address has been compared, never shown."""

    def __init__(self, email_norm: str) -> None:
        self.email_norm = email_norm
        self.now = timezone.now()

    @cached_property
    def lines(self) -> list[Line]:
        """Return all bookings, the next run first."""
        bookings = Booking.objects.filter(email_norm=self.email_norm, anonymised_at__isnull=True)
        found: list[Booking | Registration] = list(bookings.select_related("run", "run__offer"))
        seats = Registration.objects.filter(email_norm=self.email_norm, anonymised_at__isnull=True)
        found += list(seats.exclude(booking__email_norm=self.email_norm).select_related("run", "run__offer", "booking"))
        by_booking = self._seats([row.pk for row in found if isinstance(row, Booking)])
        titles = {run.pk: _title(run) for run in {row.run for row in found}}
        lines = [
            Line(row, by_booking.get(row.pk, []) if isinstance(row, Booking) else [row], titles[row.run.pk])
            for row in found
        ]
        return sorted(lines, key=lambda line: line.run.sort_key)

    @staticmethod
    def _seats(bookings: list[int]) -> dict[int, list[Registration]]:
        found: dict[int, list[Registration]] = {}
        for seat in Registration.objects.filter(booking__in=bookings, anonymised_at__isnull=True).order_by("pk"):
            found.setdefault(seat.booking_id, []).append(seat)
        return found

    @property
    def coming(self) -> list[Line]:
        """Return what is not over."""
        return [line for line in self.lines if not line.run.is_over]

    @property
    def past(self) -> list[Line]:
        """Return what is over, the latest first."""
        return [line for line in reversed(self.lines) if line.run.is_over]

    @cached_property
    def hours(self) -> list[tuple[int, int, str]]:
        """Return for each year how many people took part and for how long, for annual reports."""
        ids = [seat.pk for line in self.lines for seat in line.seats if seat.state == RegistrationState.ATTENDED]
        rows = Attendance.objects.filter(registration__in=ids).values("registration_id", "session__starts_at__year")
        years: dict[int, list[int]] = {}
        for row in rows.annotate(sum=Sum("minutes")).order_by("-session__starts_at__year"):
            years.setdefault(row["session__starts_at__year"], []).append(row["sum"])
        return [(year, len(minutes), duration(sum(minutes))) for year, minutes in years.items()]


def _title(run: Run) -> str:
    page = page_of(run)
    return page.title if page else run.offer.title
