"""An issue that goes out while its senders are killed again and again: played in the nursery of the races."""

from __future__ import annotations

import collections
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.db import connections
from django.utils import timezone

from cms.outbox import pump
from cms.outbox.models import OutboxMessage
from cms.outbox.transport import message_id
from home.newsletter.models import Delivery, Mailing, Subscriber
from home.newsletter.services import sending
from home.newsletter.services.counting import counts
from tests.factories.smtp import free_port
from tests.trainings.proof.nursery import collect, fork, kill_after


def killed_infobrief(kills: int, readers: int, seed: int) -> dict[str, Any]:
    """Kill whoever feeds and pumps a mailing at random moments; count what arrived and where the deliveries stand."""
    from tests.trainings.proof.scenarios import _take_mail, _wait_for_port

    chance, mailing = random.Random(seed), _running_mailing(readers)
    port = free_port()
    DNS_NAME.get_fqdn()  # may take a second, which every victim would spend before its first mail
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.MAIL_PER_MINUTE = settings.INFOBRIEF_PER_MINUTE = 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        arrived = Path(folder) / "arrived"
        arrived.touch()
        sink = fork(lambda: _take_mail(port, arrived))
        began = time.perf_counter()
        try:
            _wait_for_port(port)
            at_work = sum(_kill_a_sender(mailing, chance) for _kill in range(kills))
            seconds = _finish(mailing)
        finally:
            os.kill(sink[0], 9)
            collect(sink)
        counted = collections.Counter(arrived.read_text().split())
    return _summary(mailing, counted, kills=at_work, seconds=seconds, all_seconds=time.perf_counter() - began)


def big_infobrief(readers: int) -> dict[str, Any]:
    """Send an issue to many without a kill; tell the rate and by how many megabytes the sender grew."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = killed_infobrief(0, readers, 1)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    return {**found, "growth": grown, "per_second": round(readers / found["seconds"], 1)}


def _running_mailing(readers: int) -> Mailing:
    now = timezone.now()
    Subscriber.objects.filter(email_norm__endswith="@kill.example").delete()
    Subscriber.objects.bulk_create(
        (
            Subscriber(email=f"{n}@kill.example", email_norm=f"{n}@kill.example", state="active", confirmed_at=now)
            for n in range(readers)
        ),
        batch_size=1000,
    )
    mailing = Mailing.objects.create(
        language="de",
        state="sending",
        started_at=now,
        subject="Infobrief",
        text="Text\n" * 200,
        html="<p>Text</p>" * 200,
    )
    sending.add_deliveries(mailing, Subscriber.objects.readers("de").filter(email_norm__endswith="@kill.example"))
    return mailing


def _kill_a_sender(mailing: Mailing, chance: random.Random) -> bool:
    _let_leases_end()
    return kill_after(chance.uniform(0.2, 1.0), lambda: _send_on(mailing))


def _send_on(mailing: Mailing) -> None:
    while True:
        sending.feed(mailing)
        pump.tick()


def _let_leases_end() -> None:
    connections.close_all()
    OutboxMessage.objects.filter(kind=sending.ISSUE, state="sending").update(lease_until=timezone.now() - pump.LEASE)
    OutboxMessage.objects.filter(kind=sending.ISSUE, state="queued").update(next_attempt_at=timezone.now())


def _finish(mailing: Mailing) -> float:
    """Send the rest without a kill; return the seconds."""
    _let_leases_end()
    began = time.perf_counter()
    for _round in range(20_000):
        sending.feed(mailing)
        pump.tick()
        if Mailing.objects.get(pk=mailing.pk).state == "done":
            break
    return time.perf_counter() - began


def _summary(mailing: Mailing, counted: collections.Counter[str], **more: Any) -> dict[str, Any]:
    found = counts(mailing)
    rows = Delivery.objects.filter(mailing=mailing).values_list("pk", "message__state")
    stands = {message_id(f"infobrief:{mailing.pk}:{pk}"): state for pk, state in rows}
    return {
        **more,
        "state": Mailing.objects.get(pk=mailing.pk).state,
        "total": found.total,
        "sent": found.sent,
        "unknown": found.unknown,
        "others": found.pending + found.deferred + found.failed + found.skipped,
        "twice": sum(1 for times in counted.values() if times > 1),
        "foreign": len(set(counted) - set(stands)),
        "sent_but_not_arrived": sum(1 for key, state in stands.items() if state == "sent" and key not in counted),
        "arrived_without_state": sum(1 for key in counted if stands.get(key) not in ("sent", "held")),
    }
