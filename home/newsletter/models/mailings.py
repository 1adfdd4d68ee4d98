"""What is sent: a mailing with its frozen text, one delivery a reader, and what came back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.newsletter.models.subscribers import LANGUAGES, Subscriber


class MailingState(models.TextChoices):
    """Where a mailing stands."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    SENDING = "sending", _("Being sent")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Mailing(models.Model):
    """One sending in one language: of an issue, or of one day's news on chosen steps and topics.

    Text and recipients are frozen in one transaction when it starts: what an editor changes later stays out of it.
    """

    class Kind(models.TextChoices):
        """What is sent."""

        ISSUE = "issue", _("Infobrief")
        ALERT = "alert", _("New offers and material")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.ISSUE)
    page = models.ForeignKey(
        "newsletter.InfobriefPage",
        verbose_name=_("issue"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="mailings",
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    steps = models.ManyToManyField(
        "knowledge.DevelopmentStep",
        verbose_name=_("only readers interested in these steps"),
        blank=True,
        related_name="+",
    )
    topics = models.ManyToManyField(
        "knowledge.Topic", verbose_name=_("only readers interested in these topics"), blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=MailingState.choices, default=MailingState.DRAFT)
    scheduled_for = models.DateTimeField(_("goes out at"), null=True, blank=True)
    problem = models.CharField(_("why it stopped"), max_length=300, blank=True, default="")
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    html = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering: ClassVar = ["-pk"]
        permissions: ClassVar = [("send_mailing", _("May send the Infobrief"))]
        indexes: ClassVar = [
            models.Index(fields=["state"], name="mailing_at_work", condition=Q(state__in=("scheduled", "sending")))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MailingState.values), name="mailing_state_known"),
            models.CheckConstraint(
                condition=~Q(state=MailingState.SCHEDULED) | Q(scheduled_for__isnull=False),
                name="scheduled_mailing_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(MailingState.SENDING, MailingState.DONE)) | Q(started_at__isnull=False),
                name="running_mailing_has_started",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk} ({self.language})"


class Delivery(models.Model):
    """That a mailing goes to a reader. Where it stands is what its outbox message says: there is no second truth.

    Without a message it waits for its turn, or is left out for the reason noted here.
    """

    class Skipped(models.TextChoices):
        """Why a reader is left out."""

        NO = "", ""
        GONE = "gone", _("no longer a reader")
        CANCELLED = "cancelled", _("mailing cancelled")

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    message = models.OneToOneField(
        "outbox.OutboxMessage", null=True, on_delete=models.SET_NULL, related_name="infobrief_delivery"
    )
    domain = models.CharField(max_length=255, blank=True, default="")
    pages = models.JSONField(default=list, blank=True)
    skipped = models.CharField(max_length=10, choices=Skipped.choices, blank=True, default="")
    unsubscribed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes: ClassVar = [
            models.Index(
                fields=["mailing", "id"], name="delivery_waiting", condition=Q(message__isnull=True, skipped="")
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailing", "subscriber"], name="one_delivery_a_reader")
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id}/{self.pk}"


class Bounce(models.Model):
    """That a mail came back: for good (hard) or for now (soft)."""

    class Kind(models.TextChoices):
        """For good or for now."""

        HARD = "hard", _("for good")
        SOFT = "soft", _("for now")

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="bounces")
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="bounces")
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=20, blank=True, default="")
    source = models.CharField(_("told by"), max_length=20)
    report_id = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report_id"], condition=~Q(report_id=""), name="one_bounce_a_report")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"


class FrozenDates(models.Model):
    """The dates that an issue named when it went out: its page in the archive shows these, not today's."""

    page = models.OneToOneField("newsletter.InfobriefPage", on_delete=models.CASCADE, related_name="frozen_dates")
    entries = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("frozen dates")

    def __str__(self) -> str:
        return f"{self.page_id}"
