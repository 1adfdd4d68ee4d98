"""The pump: takes due messages, asks whether they are still true, hands them to the mail server, notes the outcome.

Several pumps may run. Killed between the server's "250" and the note, the message goes out a second time with the
same Message-ID: the one duplicate that no design avoids. Nothing is ever lost.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import uuid

from django.conf import settings
from django.core import mail
from django.db import DatabaseError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from cms.outbox import kinds, transport
from cms.outbox.models import MailRoute, MessageState, OutboxMessage

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = dt.timedelta(minutes=5)
BACK_OFF = (60, 300, 900, 3600)  # seconds after the first, second … refusal; then hourly
GIVE_UP_AFTER = dt.timedelta(hours=72)
ROUTE_BACK_OFF = (5, 15, 60, 300)  # seconds between attempts to reach a server that is down
PERMANENT = 500
BROKEN_OFF_WAITS = dt.timedelta(minutes=1)


def tick() -> int:
    """Send one batch; return how many messages the server accepted. Safe to call from several processes."""
    recover()
    limit = min(BATCH, _left_in_this_minute())
    if limit <= 0 or not MailRoute.is_open():
        return 0
    messages = claim(limit)
    return _send_all(messages) if messages else 0


def recover() -> None:
    """Free what a killed pump held; what may have left and must never go out twice waits for a person instead."""
    lost = OutboxMessage.objects.lost()
    if not lost.exists():
        return
    unclear = lost.filter(kind__in=kinds.held_after_loss(), is_begun=True)
    unclear.update(state=MessageState.HELD, claim_token=None, lease_until=None)
    lost.update(state=MessageState.QUEUED, claim_token=None, lease_until=None)


def claim(limit: int) -> list[OutboxMessage]:
    """Take due messages for this pump by one conditional UPDATE; another pump that wants the same gets none of them."""
    wanted = list(OutboxMessage.objects.due().values_list("pk", flat=True)[:limit])
    if not wanted:
        return []
    token = uuid.uuid4()
    OutboxMessage.objects.due().filter(pk__in=wanted).order_by().update(
        state=MessageState.SENDING, claim_token=token, lease_until=timezone.now() + LEASE, is_begun=False
    )
    return list(OutboxMessage.objects.filter(claim_token=token).order_by("priority", "pk"))


def _send_all(messages: list[OutboxMessage]) -> int:
    connection = mail.get_connection()
    accepted = 0
    current: OutboxMessage | None = None
    try:
        connection.open()
        for message in messages:
            current = message
            accepted += send(message, connection)
    except Exception as error:
        trouble = _trouble_with_the_server(error)
        _release(messages, broken_off=current)
        if trouble is None:
            raise
        _note_trouble(trouble, error)
    finally:
        _close(connection)
    return accepted


def send(message: OutboxMessage, connection: transport.Connection) -> int:
    """Send one claimed message and note what became of it; return 1 when the server accepted it.

    Errors of the connection itself are raised: they say nothing about the message.
    """
    kind = kinds.find(message.kind) if message.kind in {kind.name for kind in kinds.registered()} else None
    if kind is None or not kind.still_true(message):
        _finish(message, state=MessageState.SUPERSEDED)
        return 0
    try:
        rendered = transport.render(kind, message)
    except Exception:
        logger.exception("Message %s (%s) could not be rendered", message.pk, message.kind)
        _postpone(message, kind, "rendering failed")
        return 0
    if not _renew_lease(message):
        return 0  # erased, or taken over by another pump after a long wait
    try:
        connection.send_messages([transport.compose(message, rendered, connection)])
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()), (PERMANENT, b""))
        _refused(message, kind, code, text)
        return 0
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        _refused(message, kind, error.smtp_code, error.smtp_error)
        return 0
    _accepted(message, kind, rendered)
    return 1


def _accepted(message: OutboxMessage, kind: kinds.Kind, rendered: kinds.Mail) -> None:
    """Note the acceptance and what hangs on it, all or nothing: clocks start here."""
    message.accepted_at = timezone.now()
    outcome = {
        "state": MessageState.SENT,
        "accepted_at": message.accepted_at,
        "attempts": message.attempts + 1,
        "subject": rendered.subject[:250],
        "body": rendered.text if kind.keeps_text else "",
        "last_error": "",
    }
    try:
        with transaction.atomic():
            _finish(message, **outcome)
            kind.on_accepted(message)
    except DatabaseError:
        raise  # goes out once more, with the same Message-ID
    except Exception:
        logger.exception("Message %s (%s) was sent, but what hangs on it failed", message.pk, message.kind)
        _finish(message, **outcome)
    MailRoute.note_success()


def _refused(message: OutboxMessage, kind: kinds.Kind, code: int, text: bytes | str) -> None:
    """A refusal of this message: for good (5xx) or for now (4xx)."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    said = f"{code} {words.replace(message.to, '…')}"
    if code >= PERMANENT:
        _fail(message, kind, said)
    else:
        _postpone(message, kind, said)


def _postpone(message: OutboxMessage, kind: kinds.Kind, error: str) -> None:
    attempts = message.attempts + 1
    if timezone.now() - message.created_at > GIVE_UP_AFTER:
        _fail(message, kind, error)
        return
    wait = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    _finish(
        message,
        state=MessageState.QUEUED,
        attempts=attempts,
        last_error=error[:200],
        next_attempt_at=timezone.now() + dt.timedelta(seconds=wait),
    )


def _fail(message: OutboxMessage, kind: kinds.Kind, error: str) -> None:
    with transaction.atomic():
        _finish(message, state=MessageState.FAILED, attempts=message.attempts + 1, last_error=error[:200])
        kind.on_failed(message)


def _finish(message: OutboxMessage, **values: object) -> None:
    """Write the outcome, if the message is still ours."""
    OutboxMessage.objects.filter(pk=message.pk, claim_token=message.claim_token).update(
        claim_token=None, lease_until=None, **values
    )


def _renew_lease(message: OutboxMessage) -> bool:
    """Note that sending begins; return whether the message is still ours, for as long as one sending may take."""
    ours = OutboxMessage.objects.filter(pk=message.pk, claim_token=message.claim_token, state=MessageState.SENDING)
    return bool(ours.update(lease_until=timezone.now() + LEASE, is_begun=True))


def _release(messages: list[OutboxMessage], *, broken_off: OutboxMessage | None) -> None:
    """Put back what was not decided; no attempt is burned.

    The message at which the server broke off waits a little longer: one that it cannot bear does not block the others.
    """
    if broken_off is not None:
        ours = OutboxMessage.objects.filter(pk=broken_off.pk, claim_token=broken_off.claim_token)
        ours.filter(state=MessageState.SENDING).update(next_attempt_at=timezone.now() + BROKEN_OFF_WAITS)
    still_ours = Q(pk__in=[message.pk for message in messages], claim_token=messages[0].claim_token)
    OutboxMessage.objects.filter(still_ours, state=MessageState.SENDING).update(
        state=MessageState.QUEUED, claim_token=None, lease_until=None
    )


def _trouble_with_the_server(error: Exception) -> str | None:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return MailRoute.Trouble.REFUSED_LOGIN
    if isinstance(error, smtplib.SMTPException | OSError):
        return MailRoute.Trouble.UNREACHABLE
    return None


def _note_trouble(trouble: str, error: Exception) -> None:
    failures = MailRoute.current().failures
    wait = ROUTE_BACK_OFF[min(failures, len(ROUTE_BACK_OFF) - 1)]
    if trouble == MailRoute.Trouble.REFUSED_LOGIN:
        logger.error("The mail server refuses our login: no mail leaves until somebody resumes in the admin")
    else:
        logger.warning("Mail cannot be sent (%s), next attempt in %s s", type(error).__name__, wait)
    MailRoute.note_failure(trouble, detail=type(error).__name__, wait=wait)


def _close(connection: transport.Connection) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        logger.info("The mail server closed the connection first")


def _left_in_this_minute() -> int:
    """Return how many more mails may go out in this minute (MAIL_PER_MINUTE for all pumps together)."""
    since = timezone.now() - dt.timedelta(minutes=1)
    return int(settings.MAIL_PER_MINUTE) - OutboxMessage.objects.filter(accepted_at__gte=since).count()


def backlog() -> dict[str, int]:
    """Return how many messages stand where, for the admin."""
    return dict(OutboxMessage.objects.order_by().values_list("state").annotate(count=Count("pk")))


def oldest_waiting() -> dt.timedelta | None:
    """Return for how long the oldest due message has been waiting."""
    first = OutboxMessage.objects.due().order_by(F("created_at")).values_list("created_at", flat=True).first()
    return timezone.now() - first if first else None
