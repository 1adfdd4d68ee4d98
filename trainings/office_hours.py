"""Time that counts only while offices are open: Monday to Friday, 8 to 18, not on nationwide holidays, Christmas Eve and New Year's Eve."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

OPENS, CLOSES = dt.time(8), dt.time(18)
NOON = dt.time(12)
WEEKEND = 5
CLOSED = ((12, 24), (12, 31))  # no holidays, but town halls are closed


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[dt.date]:
    import holidays  # 0.2 s: only who counts office hours pays

    return frozenset(holidays.country_holidays("DE", years=year))


def is_working_day(day: dt.date) -> bool:
    """Return whether offices are open on a day."""
    is_closed = (day.month, day.day) in CLOSED
    return day.weekday() < WEEKEND and not is_closed and day not in _holidays(day.year)


def next_working_day(day: dt.date) -> dt.date:
    """Return the first working day after a day."""
    day += dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def after(start: dt.datetime, hours: int, zone: ZoneInfo) -> dt.datetime:
    """Return the moment after so many office hours, never before noon of the next working day.

    Counted in the wall clock of the zone, so a change to summer time neither gives nor takes an hour of the day.
    """
    local = start.astimezone(zone)
    earliest = dt.datetime.combine(next_working_day(local.date()), NOON, zone)
    left = dt.timedelta(hours=hours)
    day, clock = local.date(), local.time().replace(tzinfo=None)
    while True:
        if is_working_day(day):
            begin = max(clock, OPENS)
            rest = _between(begin, CLOSES)
            if rest >= left:
                end = dt.datetime.combine(day, begin) + left
                return max(end.replace(tzinfo=zone), earliest)
            left -= rest
        day, clock = day + dt.timedelta(days=1), dt.time(0)


def _between(begin: dt.time, end: dt.time) -> dt.timedelta:
    day = dt.date(2000, 1, 1)
    return max(dt.timedelta(), dt.datetime.combine(day, end) - dt.datetime.combine(day, begin))
