"""Purges what is due, and finds, hands out and erases what the site knows of one person."""

from __future__ import annotations

import hashlib
import hmac
import logging
from typing import Any

from django.conf import settings
from django.db import transaction

from cms.privacy import audit, registry
from cms.privacy.models import ErasureLog, PurgeReport

logger = logging.getLogger(__name__)


def purge_due(*, dry_run: bool = False) -> dict[str, int]:
    """Purge every class of data past its time, each in a transaction of its own; return rows by rule.

    A rule that fails is logged and the others go on.
    """
    counts: dict[str, int] = {}
    for rule in registry.rules():
        try:
            counts[rule.key] = _purge(rule, dry_run=dry_run)
        except Exception:
            logger.exception("The retention rule %s failed", rule.key)
    return counts


def _purge(rule: registry.RetentionRule, *, dry_run: bool) -> int:
    with transaction.atomic():
        count = rule.purge(rule.before, dry_run=dry_run)
        if count and not dry_run:
            PurgeReport.objects.create(rule=rule.key, count=count)
    return count


def export_person(email: str) -> dict[str, list[dict[str, Any]]]:
    """Return everything the site knows of an e-mail address, by holder; holders that know nothing are left out."""
    found = {holder.key: holder.export(email.strip()) for holder in registry.holders()}
    return {key: rows for key, rows in found.items() if rows}


@transaction.atomic
def erase_person(email: str, *, actor: Any = None) -> dict[str, int]:
    """Erase everything the site knows of an e-mail address; return the rows by holder. Safe to call twice."""
    address = email.strip()
    counts = {holder.key: holder.erase(address) for holder in registry.holders()}
    counts = {key: count for key, count in counts.items() if count}
    if counts:
        log = ErasureLog.objects.create(email_digest=digest(address), counts=counts)
        audit.note("person_erased", subject=("privacy.erasure", log.pk), actor=actor, rows=counts)
    return counts


def digest(email: str) -> str:
    """Return the keyed digest by which a backup's addresses are recognised as erased ones."""
    return hmac.new(settings.SECRET_KEY.encode(), email.strip().lower().encode(), hashlib.sha256).hexdigest()


def replay_erasures(addresses: set[str]) -> int:
    """Erase again, after a backup was restored, those of these addresses that had been erased; return how many."""
    erased = set(ErasureLog.objects.values_list("email_digest", flat=True))
    again = [address for address in addresses if digest(address) in erased]
    for address in again:
        erase_person(address)
    return len(again)
