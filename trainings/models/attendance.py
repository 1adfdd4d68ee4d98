"""Who reviewed whom, who was there, certificates and the anonymous evaluation."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trainings.models.questions import FormVersion
from trainings.models.registrations import Registration
from trainings.models.run_parts import Session
from trainings.models.runs import Run


class Review(models.Model):
    """One reviewer's view of one application."""

    class Vote(models.IntegerChoices):
        """From no to yes."""

        NO = 1, _("No")
        RATHER_NO = 2, _("Rather no")
        RATHER_YES = 3, _("Rather yes")
        YES = 4, _("Yes")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    vote = models.PositiveSmallIntegerField(_("vote"), choices=Vote.choices)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints: ClassVar = [models.UniqueConstraint(fields=["registration", "reviewer"], name="one_review")]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.vote}"


class Attendance(models.Model):
    """Whether one person was at one session."""

    class Presence(models.TextChoices):
        """How much of the session."""

        PRESENT = "present", _("Present")
        PARTLY = "partly", _("Partly")
        ABSENT = "absent", _("Absent")
        EXCUSED = "excused", _("Excused")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendances")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    presence = models.CharField(_("presence"), max_length=8, choices=Presence.choices)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints: ClassVar = [models.UniqueConstraint(fields=["registration", "session"], name="one_attendance")]

    def __str__(self) -> str:
        return f"{self.registration_id}/{self.session_id} {self.presence}"


class Certificate(models.Model):
    """That a certificate was given out. The digest proves name, run and hours without storing the name."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    registration = models.OneToOneField(
        Registration, null=True, blank=True, on_delete=models.SET_NULL, related_name="certificate"
    )
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="certificates")
    minutes = models.PositiveIntegerField(_("minutes"))
    digest = models.CharField(max_length=64)
    template_version = models.PositiveSmallIntegerField(default=1)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.number


class EvaluationToken(models.Model):
    """One right to answer once; nothing leads from an answer back to it."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="evaluation_token")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_used = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("right to evaluate")
        verbose_name_plural = _("rights to evaluate")

    def __str__(self) -> str:
        return str(self.pk)


class EvaluationResponse(models.Model):
    """An anonymous answer: the day only, no person, a random key, so that not even the order tells who it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="evaluations")
    form = models.ForeignKey(FormVersion, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    day = models.DateField()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    def __str__(self) -> str:
        return f"{self.run_id} {self.day}"
