"""The kinds of mail that go to many: an issue, news on chosen steps and topics, and the test of an issue."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cms.outbox import kinds
from cms.outbox.kinds import Mail
from cms.outbox.models import OutboxMessage, Priority
from home.newsletter import alerts, links
from home.newsletter.models import Delivery, InfobriefPage, Mailing, MailingState
from home.newsletter.rendering import personal, render_issue, with_sample_links
from home.newsletter.services.sending import ALERT, ISSUE

LABELS = {ISSUE: _("Infobrief: issue"), ALERT: _("Infobrief: new offers and material")}
GOING = (MailingState.SENDING, MailingState.DONE)
DELIVERY_HEADER = "X-KGI-Delivery"


def register() -> None:
    """Make the kinds known to the outbox: a lost lease is held, nobody gets an issue twice by a crash."""
    for name, label in LABELS.items():
        kinds.register(
            kinds.Kind(
                name=name,
                label=label,
                render=render,
                still_true=still_true,
                on_failed=on_failed,
                after_lost_lease="hold",
                priority=Priority.BULK,
                keeps_text=False,
            )
        )
    kinds.register(
        kinds.Kind(name="infobrief.test", label=_("Infobrief: test"), render=render_test, priority=Priority.NOTICE)
    )


def _delivery(message: OutboxMessage) -> Delivery | None:
    rows = Delivery.objects.select_related("mailing", "subscriber")
    return rows.filter(pk=message.subject_id).first()


def still_true(message: OutboxMessage) -> bool:
    """Ask right before sending: not to somebody who left or pauses, not from a mailing that was stopped."""
    rows = Delivery.objects.select_related("mailing", "subscriber").defer("mailing__html", "mailing__text")
    found = rows.filter(pk=message.subject_id).first()
    if found is None or found.subscriber is None or found.mailing.state not in GOING:
        return False
    row = found.subscriber
    if message.kind == ALERT and not alerts.pages_of(found):
        return False
    return row.is_reachable and (row.wants_issues if message.kind == ISSUE else row.wants_alerts)


def render(message: OutboxMessage) -> Mail:
    """Render the frozen mail with the reader's own links."""
    delivery = _delivery(message)
    assert delivery is not None
    assert delivery.subscriber is not None
    mailing, row = delivery.mailing, delivery.subscriber
    if mailing.kind == Mailing.Kind.ALERT:
        frozen = alerts.render_alert(delivery)
    else:
        frozen = Mail(subject=mailing.subject, text=mailing.text, html=mailing.html)
    what = links.ISSUES if mailing.kind == Mailing.Kind.ISSUE else links.ALERTS
    leave = links.leave_token(row, what=what, delivery=delivery.pk)
    leave_url = links.url("infobrief_leave", leave, language=mailing.language)
    manage_url = links.url("infobrief_manage", links.manage_token(row), language=mailing.language)
    mail = personal(frozen, manage_url=manage_url, leave_url=leave_url)
    return replace(mail, headers=headers(leave_url, leave, what, delivery.pk), return_path=return_path(delivery.pk))


def headers(leave_url: str, token: str, what: str, delivery: int) -> dict[str, str]:
    """Return what mail programs offer as a button (RFC 2369, 8058), and what tells a report which mail it means."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    name = "infobrief" if what == links.ISSUES else "neuigkeiten"
    ways = [f"<{leave_url}>"]
    if settings.BOUNCE_ADDRESS:
        ways.append(f"<mailto:{settings.BOUNCE_ADDRESS}?subject=unsubscribe%20{token}>")
    return {
        "List-Id": f"<{name}.{host}>",
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        DELIVERY_HEADER: str(delivery),
    }


def return_path(delivery: int) -> str:
    """Return where reports of failure go: the address names the delivery (VERP)."""
    if not settings.BOUNCE_ADDRESS:
        return ""
    name, _at, host = settings.BOUNCE_ADDRESS.partition("@")
    return f"{name}+{delivery}@{host}"


def on_failed(message: OutboxMessage) -> None:
    """Note the refusal of a mail server like a report that came back."""
    from home.newsletter.services.bounces import note_refusal

    note_refusal(message)


def render_test(message: OutboxMessage) -> Mail:
    """Render the newest draft of an issue, marked as a test."""
    page = InfobriefPage.objects.get(pk=message.subject_id).get_latest_revision_as_object()
    mail = with_sample_links(render_issue(page))
    return replace(mail, subject=f"[TEST] {mail.subject}")
