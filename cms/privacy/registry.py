"""Who holds personal data and for how long: apps register downwards, nobody is forgotten.

`days` is a proposal; `PRIVACY_RETENTION_DAYS` in the settings overrides it by key. The data-protection officer decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone


class Purge(Protocol):
    """Removes or empties what is older than `before`; returns how many rows that were, or would be."""

    def __call__(self, before: dt.datetime, *, dry_run: bool) -> int:
        """Purge, or only count."""


@dataclass(frozen=True)
class RetentionRule:
    """One class of personal data and when it goes."""

    key: str
    label: Any
    days: float
    purge: Purge

    @property
    def kept_for(self) -> dt.timedelta:
        """Return how long this class of data is kept, with what the settings say."""
        return dt.timedelta(days=settings.PRIVACY_RETENTION_DAYS.get(self.key, self.days))

    @property
    def before(self) -> dt.datetime:
        """Return the moment before which everything goes."""
        return timezone.now() - self.kept_for


@dataclass(frozen=True)
class DataHolder:
    """One part of the site that knows people by their e-mail address."""

    key: str
    label: Any
    export: Callable[[str], list[dict[str, Any]]]
    erase: Callable[[str], int]


_rules: dict[str, RetentionRule] = {}
_holders: dict[str, DataHolder] = {}


def register_rule(rule: RetentionRule) -> None:
    """Make a retention rule known; a second registration replaces the first."""
    _rules[rule.key] = rule


def register_holder(holder: DataHolder) -> None:
    """Make a holder of personal data known; a second registration replaces the first."""
    _holders[holder.key] = holder


def rules() -> list[RetentionRule]:
    """Return all retention rules, sorted by key."""
    return [_rules[key] for key in sorted(_rules)]


def rule(key: str) -> RetentionRule:
    """Return one rule. Raises KeyError for an unknown key."""
    return _rules[key]


def holders() -> list[DataHolder]:
    """Return all holders, sorted by key."""
    return [_holders[key] for key in sorted(_holders)]
