"""Who looks after the demo's profiles: confirmed at different times, one off the map, one with staff of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from cms.models import User
from cms.outbox.services import NEVER_SENT
from cms.version import raise_counter
from home.demo.reader import Item
from home.demo.values import day
from knowledge.models import ProfileCare
from knowledge.services import staff

if TYPE_CHECKING:
    from home.demo.loader import Loader

DATES = ("confirmed_on", "letter_on", "left_on")


def look_after(loader: Loader, item: Item, key: Any) -> None:
    """Make or move on the row of a profile, unless somebody has confirmed or changed it since."""
    if "confirmed_on" not in item.facts:
        return
    row = ProfileCare.objects.filter(profile_key=key).first()
    record = loader.records.get(f"care/{item.key}")
    if row is None or (record is not None and record.digest != _digest(row)):
        return
    facts: dict[str, Any] = {"confirmed_on": item.facts["confirmed_on"], **item.facts.get("care", {})}
    wanted = {name: day(facts[name], loader.base) if facts.get(name) is not None else None for name in DATES}
    owner = facts.get("owner", f"{item.key.rpartition('/')[2]}{NEVER_SENT}")
    values = {**wanted, "letters": facts.get("letters", 0), "owner_email": owner}
    if all(getattr(row, name) == value for name, value in values.items()):
        return
    ProfileCare.objects.filter(pk=row.pk).update(**values)
    raise_counter()
    row.refresh_from_db()
    if name := facts.get("staff"):
        staff.assign(row, [_user(loader, name)])
    loader.remember(f"care/{item.key}", row, _digest(row))


def _digest(row: ProfileCare) -> str:
    """Return what tells that somebody has worked on a row."""
    dates: list[dt.date | None] = [getattr(row, name) for name in DATES]
    return "|".join(map(str, [*dates, row.letters, row.owner_email]))[:64]


def _user(loader: Loader, name: str) -> User:
    """Return the account of the demo's staff; it has no password until an administrator sets one."""
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(name, f"{name}{NEVER_SENT}", first_name="Folake", last_name="Adeyemi")
        loader.remember(f"users/{name}", user, "")
    return user
