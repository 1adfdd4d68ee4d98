"""What a run has several of: pools of seats, sessions, materials for those who took part."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from cms.i18n import in_language
from cms.vocabularies import Mode
from trainings.models.counted import without_counted
from trainings.models.runs import Run


class Pool(models.Model):
    """Seats of one mode; its row is the lock of registration. Capacity empty means: no limit."""

    run = ParentalKey(Run, on_delete=models.CASCADE, related_name="pools")
    mode = models.CharField(
        _("mode"), max_length=10, choices=[choice for choice in Mode.choices if choice[0] != Mode.HYBRID]
    )
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    places_taken = models.PositiveIntegerField(default=0, editable=False)
    places_held = models.PositiveIntegerField(default=0, editable=False)

    panels: ClassVar = [FieldRowPanel([FieldPanel("mode"), FieldPanel("capacity")])]

    class Meta:
        verbose_name = _("seats")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "mode"], name="one_pool_a_mode"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=F("places_taken") + F("places_held")),
                name="pool_never_oversold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.mode}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write what people typed; the counters are written by `trainings.services` only, under the lock."""
        without_counted(self, ("places_taken", "places_held"), kwargs)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse fewer seats than are taken or held."""
        if self.capacity is not None and self.capacity < self.places_taken + self.places_held:
            raise ValidationError(
                {
                    "capacity": _("%(count)s seats are already taken or held.")
                    % {"count": self.places_taken + self.places_held}
                }
            )


class Session(models.Model):
    """One appointment of a run: one calendar entry with a stable UID."""

    run = ParentalKey(Run, on_delete=models.CASCADE, related_name="sessions")
    title_de = models.CharField(_("title, German"), max_length=160, blank=True)
    title_en = models.CharField(_("title, English"), max_length=160, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    room = models.CharField(_("room"), max_length=120, blank=True)
    mandatory = models.BooleanField(_("mandatory"), default=True)
    ical_uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ical_sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldRowPanel([FieldPanel("title_de"), FieldPanel("title_en")]),
        FieldRowPanel([FieldPanel("room"), FieldPanel("mandatory")]),
    ]

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def title(self) -> str:
        """Return the title in the active language."""
        return in_language(self, "title")

    def clean(self) -> None:
        """Refuse a session that ends before it begins."""
        if self.starts_at and self.ends_at and self.starts_at >= self.ends_at:
            raise ValidationError({"ends_at": _("The end is before the beginning.")})


class RunMaterial(models.Model):
    """A file for those who took part: slides, minutes. Shown on the manage page only."""

    run = ParentalKey(Run, on_delete=models.CASCADE, related_name="materials")
    document = models.ForeignKey(
        "cms.CustomDocument", verbose_name=_("file"), on_delete=models.CASCADE, related_name="+"
    )
    sort_order = models.IntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("material for participants")
        verbose_name_plural = _("materials for participants")
        ordering: ClassVar = ["sort_order", "pk"]

    def __str__(self) -> str:
        return str(self.document)
