"""Who reads the Infobrief or wants to hear of new offers and material, and which addresses get nothing any more."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.privacy.services import digest

LANGUAGES = [("de", _("German")), ("en", _("English"))]


def normalised(email: str) -> str:
    """Return an address as it is compared: without case, spaces and different spellings of the same letter."""
    return unicodedata.normalize("NFKC", email.strip()).lower()


def address_digest(email: str) -> str:
    """Return the keyed digest under which an address is remembered after the address itself is gone."""
    return digest(normalised(email))


class SubscriberState(models.TextChoices):
    """Where a reader stands; only `active` gets mail."""

    PENDING = "pending", _("Not confirmed yet")
    ACTIVE = "active", _("Active")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    BOUNCED = "bounced", _("Address does not work")
    BLOCKED = "blocked", _("Blocked")


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Vocabulary of reader queries."""

    def reachable(self) -> SubscriberQuerySet:
        """Keep those who get mail now: active, and not in a pause they asked for."""
        today = timezone.localdate()
        paused = Q(paused_until__gte=today)
        return self.filter(state=SubscriberState.ACTIVE).exclude(paused)

    def readers(self, language: str) -> SubscriberQuerySet:
        """Keep those who get an issue in a language."""
        return self.reachable().filter(wants_issues=True, language=language)

    def interested(self, steps: Any, topics: Any) -> SubscriberQuerySet:
        """Keep those who chose one of these steps or topics; nothing named keeps everybody."""
        step_ids, topic_ids = [row.pk for row in steps], [row.pk for row in topics]
        if not step_ids and not topic_ids:
            return self
        chosen = Q(steps__in=step_ids) | Q(topics__in=topic_ids)
        return self.filter(pk__in=Subscriber.objects.filter(chosen).values("pk"))


class Subscriber(models.Model):
    """One address. Consent and every change of it are events in `cms.privacy`, named by `public_id`.

    `links_version` ends older preference links, `confirm_version` makes a confirmation link work once.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254)
    email_norm = models.CharField(max_length=254, unique=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="de")
    state = models.CharField(
        _("state"), max_length=12, choices=SubscriberState.choices, default=SubscriberState.PENDING
    )
    wants_issues = models.BooleanField(_("gets the issues of the Infobrief"), default=True)
    wants_alerts = models.BooleanField(
        _("hears of new offers and material on the chosen steps and topics"), default=False
    )
    steps = models.ManyToManyField(
        "knowledge.DevelopmentStep", verbose_name=_("development steps"), blank=True, related_name="+"
    )
    topics = models.ManyToManyField("knowledge.Topic", verbose_name=_("topics"), blank=True, related_name="+")
    paused_until = models.DateField(_("pauses until"), null=True, blank=True)
    new_email = models.EmailField(_("new e-mail, not confirmed yet"), max_length=254, blank=True, default="")
    links_version = models.PositiveIntegerField(default=1)
    confirm_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("signed up"), default=timezone.now)
    asked_at = models.DateTimeField(_("last asked to confirm"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("unsubscribed, or address given up"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "language"], name="reader_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SubscriberState.values), name="reader_state_known"),
            models.CheckConstraint(
                condition=~Q(state=SubscriberState.ACTIVE) | Q(confirmed_at__isnull=False),
                name="active_reader_has_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def is_reachable(self) -> bool:
        """Return whether mail may go there now."""
        pauses = self.paused_until is not None and self.paused_until >= timezone.localdate()
        return self.state == SubscriberState.ACTIVE and not pauses


class BlockedAddress(models.Model):
    """An address that gets no mail unless its owner signs up anew; only its keyed digest is kept."""

    class Reason(models.TextChoices):
        """Why; what staff has entered by hand outlives a new sign-up."""

        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        BOUNCED = "bounced", _("address did not work")
        ERASED = "erased", _("erased on request")
        BY_HAND = "by_hand", _("blocked by hand")

    digest = models.CharField(max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("blocked address")
        verbose_name_plural = _("blocked addresses")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.reason}"
