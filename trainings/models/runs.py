"""Runs: the dates of an offer with their deadlines, terms and decisions."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from cms import version
from cms.i18n import in_language
from cms.vocabularies import Admission, Mode
from trainings.models.counted import without_counted
from trainings.models.offer_row import Offer
from trainings.states import RunStatus, Seats, run_status


class RunQuerySet(models.QuerySet["Run"]):
    """Vocabulary of run queries; times are compared with now."""

    def published(self) -> RunQuerySet:
        """Keep runs that visitors may see; cancelled ones stay visible."""
        return self.filter(published_at__lte=timezone.now(), archived_at__isnull=True)

    def coming(self) -> RunQuerySet:
        """Keep runs that have not ended, and interest lists without dates."""
        return self.filter(Q(ends_at__gte=timezone.now()) | Q(ends_at__isnull=True))

    def for_display(self) -> RunQuerySet:
        """Load sessions and pools in two further queries."""
        return (
            self.select_related("offer")
            .prefetch_related("sessions", "pools")
            .order_by(F("starts_at").asc(nulls_last=True), "pk")
        )


class Run(ClusterableModel):
    """One date of an offer. Decisions are stored, the status is computed (`trainings.states`)."""

    offer = models.ForeignKey(Offer, verbose_name=_("offer"), on_delete=models.PROTECT, related_name="runs")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.SlugField(_("number"), max_length=20, unique=True, help_text=_("Never changes, e.g. “2027-014”."))
    title_de = models.CharField(_("addition to the title, German"), max_length=160, blank=True)
    title_en = models.CharField(_("addition to the title, English"), max_length=160, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices)
    admission = models.CharField(_("admission"), max_length=12, choices=Admission.choices)
    external_url = models.URLField(_("external registration"), blank=True)
    timezone_name = models.CharField(_("time zone"), max_length=40, default="Europe/Berlin")
    venue = models.CharField(_("venue"), max_length=160, blank=True)
    street = models.CharField(_("street"), max_length=160, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("place"), max_length=120, blank=True)
    opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    cancel_until = models.DateTimeField(_("free cancellation until"), null=True, blank=True)
    decide_by = models.DateTimeField(_("decision on applications by"), null=True, blank=True)
    go_nogo_at = models.DateTimeField(_("decision whether it takes place"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    guaranteed_at = models.DateTimeField(_("guaranteed at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    min_participants = models.PositiveSmallIntegerField(_("minimum of participants"), null=True, blank=True)
    municipality_cap = models.PositiveSmallIntegerField(_("seats per municipality"), null=True, blank=True)
    waiting_list = models.BooleanField(_("waiting list"), default=True)
    fee = models.DecimalField(
        _("fee in euros"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("0 is shown as “free of charge”, empty is not shown."),
    )
    names_due = models.DateTimeField(
        _("names of a group until"), null=True, blank=True, help_text=_("Until then seats may be booked without names.")
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"),
        default=16,
        validators=[MinValueValidator(1)],
        help_text=_("Office hours, Monday to Friday 8 to 18; counted from when the mail was accepted."),
    )
    cutoff_hours = models.PositiveSmallIntegerField(
        _("hours before the start in which offers go to all who wait"), default=48
    )
    ask_invoice = models.BooleanField(_("ask for an address of the invoice"), default=False)
    blind_review = models.BooleanField(_("reviewers do not see names"), default=False)
    retention_days = models.PositiveSmallIntegerField(
        _("days that registrations are kept after the run"),
        null=True,
        blank=True,
        help_text=_("Only where the funder asks for proof longer than usual."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("organiser"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="runs",
    )
    lock_version = models.PositiveBigIntegerField(default=0, editable=False)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, editable=False)

    objects = RunQuerySet.as_manager()

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("offer"), FieldPanel("number")]),
        FieldRowPanel([FieldPanel("title_de"), FieldPanel("title_en")]),
        FieldRowPanel([FieldPanel("mode"), FieldPanel("admission")]),
        InlinePanel("sessions", label=_("Session"), heading=_("Sessions")),
        InlinePanel("pools", label=_("Seats"), heading=_("Seats"), max_num=2),
        MultiFieldPanel(
            [FieldPanel("venue"), FieldPanel("street"), FieldRowPanel([FieldPanel("postal_code"), FieldPanel("city")])],
            heading=_("Place"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldRowPanel([FieldPanel("cancel_until"), FieldPanel("decide_by"), FieldPanel("go_nogo_at")]),
                FieldRowPanel([FieldPanel("names_due"), FieldPanel("offer_hours"), FieldPanel("cutoff_hours")]),
            ],
            heading=_("Deadlines"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("min_participants"), FieldPanel("municipality_cap"), FieldPanel("fee")]),
                FieldPanel("waiting_list"),
                FieldPanel("external_url"),
                FieldRowPanel([FieldPanel("ask_invoice"), FieldPanel("blind_review"), FieldPanel("retention_days")]),
                FieldPanel("owner"),
            ],
            heading=_("Terms"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel(n) for n in ("published_at", "guaranteed_at", "cancelled_at", "archived_at")])],
            heading=_("Decisions"),
        ),
    ]

    class Meta:
        ordering: ClassVar = ["-starts_at", "pk"]
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="run_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(opens_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="run_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write what people typed; lock and dates are written by `trainings.services` only."""
        without_counted(self, ("lock_version", "starts_at", "ends_at"), kwargs)
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        """Return the addition to the offer's title in the active language."""
        return in_language(self, "title")

    @property
    def timezone(self) -> ZoneInfo:
        """Return the time zone in which the run takes place."""
        return ZoneInfo(self.timezone_name)

    @property
    def first_day(self) -> dt.date | None:
        """Return the first day in the run's own time zone."""
        return self.starts_at.astimezone(self.timezone).date() if self.starts_at else None

    @property
    def last_day(self) -> dt.date | None:
        """Return the last day in the run's own time zone."""
        return self.ends_at.astimezone(self.timezone).date() if self.ends_at else None

    @property
    def is_over(self) -> bool:
        """Return whether the last session has ended."""
        return self.ends_at is not None and self.ends_at < timezone.now()

    @property
    def sort_key(self) -> tuple[bool, dt.datetime]:
        """Sort by beginning, runs without dates last."""
        return (self.starts_at is None, self.starts_at or timezone.now())

    @property
    def seats(self) -> Seats:
        """Return all seats and those nobody holds, from one look at the pools."""
        pools = list(self.pools.all())
        if not pools or any(pool.capacity is None for pool in pools):
            return Seats()
        left = (max(0, (pool.capacity or 0) - pool.places_taken - pool.places_held) for pool in pools)
        return Seats(sum(pool.capacity or 0 for pool in pools), sum(left))

    @property
    def capacity(self) -> int | None:
        """Return all seats, None when a pool is open."""
        return self.seats.capacity

    @property
    def seats_left(self) -> int | None:
        """Return the seats nobody holds, None when a pool is open."""
        version.lasts()
        return self.seats.left

    @property
    def status(self) -> RunStatus:
        """Return the status computed from decisions, seats and the clock."""
        return run_status(self, timezone.now())

    @property
    def status_label(self) -> str:
        """Return the status in words."""
        return str(self.status.label)

    @property
    def seats_taken_share(self) -> int | None:
        """Return how full the run is in per cent."""
        version.lasts()
        return self.seats.taken_share

    @property
    def days_to_deadline(self) -> int | None:
        """Return the days until registration closes, None when it has closed or never does."""
        if self.closes_at is None or self.closes_at < timezone.now():
            return None
        return (self.closes_at.astimezone(self.timezone).date() - timezone.localdate(timezone=self.timezone)).days

    def clean(self) -> None:
        """Refuse deadlines out of order and an external run without address."""
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise ValidationError({"closes_at": _("Registration closes before it opens.")})
        if self.admission == Admission.EXTERNAL and not self.external_url:
            raise ValidationError({"external_url": _("Give the address of the external registration.")})
        if self.mode == Mode.ONSITE and not self.city:
            raise ValidationError({"city": _("Give the place.")})
