"""Kinds of mail, registered by the apps: how one is rendered, whether it is still true, what follows.

An app calls `register` in its `ready()`; the foundation knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from cms.outbox.models import OutboxMessage, Priority


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Mail:
    """A rendered mail: plain text always, HTML beside it."""

    subject: str
    text: str
    html: str
    reply_to: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    return_path: str = ""  # where reports of failure go; empty: to the sender


def always(_message: OutboxMessage) -> bool:
    """Return True: a mail that cannot become untrue."""
    return True


def nothing(_message: OutboxMessage) -> None:
    """Do nothing."""


@dataclass(frozen=True)
class Kind:
    """One kind of mail.

    `still_true` is asked right before sending. `on_accepted` runs in the transaction that notes the acceptance:
    clocks that wait for a person start there. `after_lost_lease` says what happens when the sender was killed in
    between: `resend` (twice is better than never) or `hold` (once at most, a person decides). `keeps_text` is off for
    mail to thousands, whose text is kept elsewhere once.
    """

    name: str
    render: Callable[[OutboxMessage], Mail]
    still_true: Callable[[OutboxMessage], bool] = always
    on_accepted: Callable[[OutboxMessage], None] = nothing
    on_failed: Callable[[OutboxMessage], None] = nothing
    after_lost_lease: Literal["resend", "hold"] = "resend"
    priority: int = Priority.NOTICE
    label: object = ""
    keeps_text: bool = True


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind of mail known; a second registration replaces the first."""
    _kinds[kind.name] = kind


def registered() -> list[Kind]:
    """Return all kinds, sorted by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def find(name: str) -> Kind:
    """Return a kind by its name. Raises KeyError for one that no app registers."""
    return _kinds[name]


def held_after_loss() -> list[str]:
    """Return the kinds that are never sent twice."""
    return [kind.name for kind in _kinds.values() if kind.after_lost_lease == "hold"]
