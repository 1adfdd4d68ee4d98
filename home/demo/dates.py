"""Dates of the demo: they count from a Monday, so that weekdays stay what they are when a later load moves them on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from home.demo.values import day
from home.models import DemoItem


def monday(today: dt.date) -> dt.date:
    """Return the Monday of a week; day 0 of the demo."""
    return today - dt.timedelta(days=today.weekday())


def late_dates(page: models.Model, facts: dict[str, Any], base: dt.date) -> dict[str, dt.date]:
    """Return the dates of a page that lie before what the demo's facts mean today."""
    late = {}
    for field in page._meta.get_fields():
        value = facts.get(field.name)
        if isinstance(value, int) and type(field) is models.DateField:
            wanted, found = day(value, base), getattr(page, field.name)
            if found is not None and found < wanted:
                late[field.name] = wanted
    return late


def is_touched(page: Any, record: DemoItem) -> bool:
    """Return whether somebody has changed a page since the demo published it."""
    return bool(record.digest) and page.latest_revision_id != record.revision_id


def is_withdrawn(page: Any) -> bool:
    """Return whether somebody took a page offline; one whose date has passed comes back with a new date."""
    return not page.live and not page.expired
