"""What waits to be sent, and how the way to the mail server is."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """Where a message stands; only `queued` and `sending` will change by themselves."""

    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    SUPERSEDED = "superseded", _("No longer true")
    HELD = "held", _("Held: may have been sent")


class Priority(models.IntegerChoices):
    """What goes first when many wait."""

    CONFIRM = 10, _("Confirmation")
    OFFER = 20, _("Offer of a seat")
    NOTICE = 30, _("Notice")
    REMINDER = 40, _("Reminder")
    BULK = 50, _("Mail to many")


class MessageQuerySet(models.QuerySet["OutboxMessage"]):
    """Vocabulary of message queries."""

    def due(self) -> MessageQuerySet:
        """Keep what may be sent now, the most urgent first; within one priority the order of writing."""
        waits = Q(state=MessageState.QUEUED, next_attempt_at__lte=timezone.now())
        return self.filter(waits).order_by("priority", "pk")

    def lost(self) -> MessageQuerySet:
        """Keep what a pump took and never reported on: its process was killed."""
        return self.filter(state=MessageState.SENDING, lease_until__lt=timezone.now())

    def about(self, subject_kind: str, subject_id: object) -> MessageQuerySet:
        """Keep the messages about one subject."""
        return self.filter(subject_kind=subject_kind, subject_id=str(subject_id))

    def sent_to(self, address: str) -> MessageQuerySet:
        """Keep the messages to one address, however it is written; the index `outbox_to_upper` finds them."""
        return self.alias(upper_to=Upper("to")).filter(upper_to=Upper(Value(address.strip())))


class OutboxMessage(models.Model):
    """One mail to one address. It names its subject by (kind, id) text: the foundation knows no apps.

    Subject and text are rendered when the message is sent and kept for 30 days, for the organiser's questions.
    """

    dedupe_key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    locale = models.CharField(_("language"), max_length=10)
    subject_kind = models.CharField(max_length=60, blank=True, default="")
    subject_id = models.CharField(max_length=60, blank=True, default="")
    to = models.EmailField(_("to"), max_length=254, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NOTICE)
    state = models.CharField(_("state"), max_length=12, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    claim_token = models.UUIDField(null=True, blank=True)
    is_begun = models.BooleanField(default=False)  # given to the mail server, which has not answered yet
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted by the mail server"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, default="")
    subject = models.CharField(_("subject"), max_length=250, blank=True, default="")
    body = models.TextField(_("text"), blank=True, default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["priority", "id"], name="outbox_waiting", condition=Q(state__in=("queued", "sending"))
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="outbox_subject"),
            models.Index(Upper("to"), name="outbox_to_upper"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(accepted_at__isnull=False), name="sent_message_was_accepted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MailRoute(models.Model):
    """The way to the mail server, shared by all pumps: one row. A server that is down costs no message an attempt."""

    class Trouble(models.TextChoices):
        """Why nothing is sent."""

        NONE = "", _("none")
        UNREACHABLE = "unreachable", _("The mail server cannot be reached")
        REFUSED_LOGIN = "login", _("The mail server refuses our login")
        PAUSED = "paused", _("Paused by an administrator")

    trouble = models.CharField(max_length=12, choices=Trouble.choices, blank=True, default="")
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    detail = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("way to the mail server")

    def __str__(self) -> str:
        return str(self.Trouble(self.trouble).label)

    @classmethod
    def current(cls) -> MailRoute:
        """Return the one row; made on first need."""
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def current_trouble(cls) -> str:
        """Return why nothing is sent, without writing anything; empty when all is well."""
        return str(cls.objects.filter(pk=1).values_list("trouble", flat=True).first() or "")

    @classmethod
    def is_open(cls) -> bool:
        """Return whether a pump may try now."""
        route = cls.current()
        if route.trouble in (cls.Trouble.PAUSED, cls.Trouble.REFUSED_LOGIN):
            return False
        return route.retry_at is None or route.retry_at <= timezone.now()

    @classmethod
    def note_failure(cls, trouble: str, *, detail: str, wait: float) -> None:
        """Note that the server could not be used, and when to try again (seconds from now)."""
        now = timezone.now()
        cls.current()
        cls.objects.filter(pk=1).exclude(trouble=cls.Trouble.PAUSED).update(
            trouble=trouble,
            failures=F("failures") + 1,
            retry_at=now + dt.timedelta(seconds=wait),
            detail=detail[:200],
        )
        cls.objects.filter(pk=1, since__isnull=True).update(since=now)

    @classmethod
    def note_success(cls) -> None:
        """Note that the server accepted something; writes only after a failure."""
        cls.objects.filter(pk=1).exclude(trouble="", failures=0).exclude(trouble=cls.Trouble.PAUSED).update(
            trouble="", failures=0, retry_at=None, since=None, detail=""
        )
