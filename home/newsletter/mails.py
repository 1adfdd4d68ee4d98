"""Mails to one reader that follow from what the reader did: confirm, already on the list, link, new address."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.outbox import kinds
from cms.outbox.kinds import Mail
from cms.outbox.models import OutboxMessage, Priority
from cms.outbox.rendering import Verbatim, render_mail
from home.newsletter import links
from home.newsletter.models import Subscriber, SubscriberState

LABELS = {
    "confirm": _("Infobrief: please confirm"),
    "already": _("Infobrief: already on the list"),
    "link": _("Infobrief: link to the settings"),
    "move": _("Infobrief: confirm the new address"),
}


def register() -> None:
    """Make the kinds known to the outbox."""
    for name, label in LABELS.items():
        kinds.register(
            kinds.Kind(
                name=f"infobrief.{name}",
                label=label,
                render=render,
                still_true=still_true,
                priority=Priority.CONFIRM,
            )
        )


def _row(message: OutboxMessage) -> Subscriber | None:
    return Subscriber.objects.filter(pk=message.subject_id).first() if message.subject_id else None


def still_true(message: OutboxMessage) -> bool:
    """Ask right before sending: nobody is asked to confirm what is confirmed, nobody blocked gets anything."""
    row, name = _row(message), message.kind.partition(".")[2]
    if row is None or row.state == SubscriberState.BLOCKED:
        return False
    if name == "confirm":
        return row.state != SubscriberState.ACTIVE
    if name == "move":
        return row.new_email == message.to
    return row.state == SubscriberState.ACTIVE


def render(message: OutboxMessage) -> Mail:
    """Render one of these mails in the language that is active; no word of advertising in it."""
    row, name = _row(message), message.kind.partition(".")[2]
    assert row is not None
    context: dict[str, Any] = {"wants_issues": row.wants_issues, "wants_alerts": row.wants_alerts}
    context["interests"] = [str(step.name) for step in row.steps.all()] + [topic.label for topic in row.topics.all()]
    if name == "confirm":
        context["url"] = Verbatim(links.url("infobrief_confirm", links.confirm_token(row), language=message.locale))
    elif name == "move":
        context["url"] = Verbatim(links.url("infobrief_move", links.move_token(row), language=message.locale))
    else:
        context["url"] = Verbatim(links.url("infobrief_manage", links.manage_token(row), language=message.locale))
    return render_mail(f"newsletter/mail/{name}", context)
