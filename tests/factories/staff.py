"""People who work in the admin, each with the rights of a group."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from cms.models import User
from home.services import groups

_numbers = count(1)
ROLES: dict[str, str] = {
    "organiser": groups.ORGANISERS,
    "reviewer": groups.JURY,
    "adviser": groups.ADVISERS,
    "editor": groups.EDITORS,
    "approver": groups.REVIEWERS,
    "translator": groups.TRANSLATORS,
    "centre": groups.CENTRES,
    "data_protection": groups.DATA_PROTECTION,
    "sender": groups.SENDERS,
}


def make_staff(role: str) -> Any:
    """Make somebody with one role; `chief` may everything, `member` nothing."""
    number = next(_numbers)
    name, email = f"{role}-{number}", f"{role}.{number}@kgi.example"
    if role == "chief":
        return User.objects.create_superuser(name, email, "x" * 12)
    user = User.objects.create_user(name, email, "x" * 12)
    if role in ROLES:
        if not Group.objects.filter(name=ROLES[role], permissions__isnull=False).exists():
            groups.ensure_groups([])
        user.groups.add(Group.objects.get(name=ROLES[role]))
    return user
