"""Proofs: which text somebody agreed to, what was purged, what was erased, who did what."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConsentText(models.Model):
    """One version of a text that people agree to; once somebody has agreed it never changes."""

    key = models.SlugField(_("key"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"))
    locale = models.CharField(_("language"), max_length=10)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering: ClassVar = ["key", "-version", "locale"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version", "locale"], name="one_consent_text_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version} ({self.locale})"

    def clean(self) -> None:
        """Refuse to change a text that somebody has agreed to."""
        before = ConsentText.objects.filter(pk=self.pk).first()
        if before and before.body != self.body and (self.records.exists() or self.events.exists()):
            raise ValidationError({"body": _("Somebody has agreed to this text. Make a new version.")})


class ConsentRecord(models.Model):
    """That somebody agreed: to which text, when, by which way. The subject is named by (kind, id) text."""

    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="records")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    channel = models.CharField(max_length=60, help_text=_("The form, e.g. “registration”."))
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="consent_subject")]

    def __str__(self) -> str:
        return f"{self.text_id} {self.subject_kind} {self.subject_id}"


class ConsentEvent(models.Model):
    """One step of a consent: asked for, confirmed, changed, ended. Rows are only ever added.

    The subject is named by (kind, id) text; `email_digest` finds the proof of an address that is stored nowhere else
    any more. `mail_id` is the Message-ID of the mail that asked, `source` the address of the form or the file.
    """

    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    event = models.CharField(_("event"), max_length=30)
    text = models.ForeignKey(
        ConsentText, verbose_name=_("text"), null=True, on_delete=models.PROTECT, related_name="events"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    source = models.CharField(_("source"), max_length=300, blank=True, default="")
    mail_id = models.CharField(_("mail"), max_length=120, blank=True, default="")
    email_digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        verbose_name = _("step of a consent")
        verbose_name_plural = _("steps of consents")
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="consent_event_subject")]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_kind} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add only: a proof that can be changed proves nothing."""
        if self.pk and not kwargs.get("force_insert"):
            raise TypeError("Steps of a consent are never changed.")
        super().save(*args, **kwargs)


class AuditEntry(models.Model):
    """Who did what to which record: names of fields, never what a person typed. Rows are only ever added."""

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_kind = models.CharField(_("by whom"), max_length=20)
    action = models.CharField(_("action"), max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("log")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add only: a log that can be changed proves nothing."""
        if self.pk and not kwargs.get("force_insert"):
            raise TypeError("Entries of the log are never changed.")
        super().save(*args, **kwargs)


class PurgeReport(models.Model):
    """What one purge removed, by rule; no personal value."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    rule = models.CharField(_("class of data"), max_length=60)
    count = models.PositiveIntegerField(_("rows"))

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.rule} {self.count}"


class ErasureLog(models.Model):
    """That somebody was erased on request; replayed after a backup is restored.

    The address is kept only as keyed digest, so that the log can be applied again without naming anybody.
    """

    at = models.DateTimeField(_("at"), default=timezone.now)
    email_digest = models.CharField(max_length=64, db_index=True)
    counts = models.JSONField(_("rows"), default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
