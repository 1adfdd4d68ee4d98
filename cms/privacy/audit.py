"""Writes the log: in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cms.privacy.models import AuditEntry

PUBLIC = "public"
SYSTEM = "system"
STAFF = "staff"


def entry(
    action: str, *, subject: tuple[str, object], actor: Any = None, system: bool = False, **details: Any
) -> AuditEntry:
    """Return an entry that is not written yet, for `note_all`. `details` as in `note`."""
    user = actor if getattr(actor, "pk", None) else None
    return AuditEntry(
        actor=user,
        actor_kind=STAFF if user else SYSTEM if system else PUBLIC,
        action=action,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        details=details,
    )


def note_all(entries: Iterable[AuditEntry]) -> None:
    """Add entries in one statement."""
    AuditEntry.objects.bulk_create(entries)


def note(action: str, *, subject: tuple[str, object], actor: Any = None, system: bool = False, **details: Any) -> None:
    """Add one entry. `details` hold names of fields and non-personal values only (states, numbers, reasons by code)."""
    entry(action, subject=subject, actor=actor, system=system, **details).save(force_insert=True)
