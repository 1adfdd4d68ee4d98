"""Writes the log: in the transaction of what it tells."""

from __future__ import annotations

from typing import Any

from cms.privacy.models import AuditEntry

PUBLIC = "public"
SYSTEM = "system"
STAFF = "staff"


def note(action: str, *, subject: tuple[str, object], actor: Any = None, system: bool = False, **details: Any) -> None:
    """Add one entry. `details` hold names of fields and non-personal values only (states, numbers, reasons by code)."""
    user = actor if getattr(actor, "pk", None) else None
    AuditEntry.objects.create(
        actor=user,
        actor_kind=STAFF if user else SYSTEM if system else PUBLIC,
        action=action,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        details=details,
    )
