"""Takes in what came back to the bounce mailbox."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from email.message import Message

from django.conf import settings

from home.newsletter import links, mailboxes, reports
from home.newsletter.services import bounces, subscribing

logger = logging.getLogger(__name__)


def take_in(mails: Iterable[Message]) -> Counter[str]:
    """Note what each mail says; return how many said what. Reading the same mails twice changes nothing more."""
    counted: Counter[str] = Counter()
    for mail in mails:
        try:
            counted[_take(reports.read(mail))] += 1
        except Exception:
            logger.exception("A mail of the bounce mailbox could not be read")
            counted["unreadable"] += 1
    return counted


def _take(report: reports.Report) -> str:
    if report.action == "unsubscribe":
        row, what, delivery = links.find_to_leave(report.token)
        if row is None:
            return "unknown"
        subscribing.leave(row, what=what, delivery=delivery, source="mail")
    elif report.action == "bounce" and report.subscriber is not None:
        bounces.note_bounce(
            report.subscriber,
            kind=report.kind,
            source="mailbox",
            status=report.status,
            delivery=report.delivery,
            report_id=report.report_id,
        )
        return f"{report.kind} bounce"
    return report.action


def tick() -> None:
    """Read the mailbox that the settings name; the worker calls this again and again."""
    if settings.BOUNCE_MAILBOX:
        take_in(mailboxes.read(settings.BOUNCE_MAILBOX))
