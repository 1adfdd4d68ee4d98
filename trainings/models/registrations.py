"""Bookings and registrations: one booking, one to many seats; every person is one registration.

Personal data: never in pages, revisions, search or the reference index. State changes only in `trainings.services`.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from typing import ClassVar

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.fields import EncryptedTextField
from knowledge.models import Municipality
from trainings.models.run_parts import Pool
from trainings.models.runs import Run
from trainings.registration_states import ACTIVE, HELD, TAKEN, WAITS, RegistrationState


def normalised_email(address: str) -> str:
    """Return an address as it is compared: NFKC, no space around it, case folded."""
    return unicodedata.normalize("NFKC", address).strip().casefold()


class Booking(models.Model):
    """What one coordinator sent: the seats of one person or of colleagues from one municipality."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission_id = models.UUIDField(unique=True, editable=False)
    run = models.ForeignKey(Run, verbose_name=_("run"), on_delete=models.PROTECT, related_name="bookings")
    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    email_norm = models.CharField(max_length=254, blank=True, editable=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    municipality_text = models.CharField(_("municipality in own words"), max_length=160, blank=True)
    invoice_address = models.TextField(_("address of the invoice"), max_length=500, blank=True)
    invoice_reference = models.CharField(_("reference or Leitweg-ID"), max_length=80, blank=True)
    locale = models.CharField(_("language"), max_length=10, default="de")
    token_version = models.PositiveIntegerField(default=1, editable=False)
    all_or_nothing = models.BooleanField(_("only together"), default=False)
    is_group = models.BooleanField(default=False, editable=False)
    by_organiser = models.BooleanField(default=False, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_skipped_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering: ClassVar = ["created_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["email_norm"], name="booking_email")]

    def __str__(self) -> str:
        return f"{self.run.number}/{self.pk}"

    @property
    def place(self) -> str:
        """Return the municipality as people read it."""
        return self.municipality.name if self.municipality else self.municipality_text


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Vocabulary of registration queries."""

    def active(self) -> RegistrationQuerySet:
        """Keep registrations that may still lead to a seat or hold one."""
        return self.filter(state__in=ACTIVE)

    def taken(self) -> RegistrationQuerySet:
        """Keep registrations that have a seat for good."""
        return self.filter(state__in=TAKEN)

    def held(self) -> RegistrationQuerySet:
        """Keep registrations for which a seat is kept free until somebody answers."""
        return self.filter(state__in=HELD)

    def in_line(self) -> RegistrationQuerySet:
        """Keep who waits, in the order in which they are served."""
        return self.filter(state__in=WAITS).order_by("priority", "waiting_since", "pk")

    def for_list(self) -> RegistrationQuerySet:
        """Load what lists print in one query."""
        return self.select_related("booking", "booking__municipality", "pool", "run")


class Registration(models.Model):
    """One person and one seat. A group's seats may stay without a name until the run's `names_due`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="registrations")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="registrations")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="registrations")
    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    email_norm = models.CharField(max_length=254, blank=True, editable=False)
    function = models.CharField(_("function"), max_length=160, blank=True)
    state = models.CharField(_("status"), max_length=24, choices=RegistrationState.choices)
    state_changed_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(null=True, blank=True)
    priority = models.IntegerField(_("rank"), default=0)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True)
    offer_number = models.PositiveSmallIntegerField(default=0)
    token_version = models.PositiveIntegerField(default=1)
    calendar_sequence = models.PositiveIntegerField(default=0)
    preselected = models.BooleanField(_("pre-selected"), default=False)
    decision = models.CharField(
        _("decision, not released yet"),
        max_length=8,
        blank=True,
        choices=[("select", _("Select")), ("reserve", _("Reserve list")), ("reject", _("Reject"))],
    )
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    share_contact = models.BooleanField(_("contact may be passed on to the other participants"), default=False)
    note = models.TextField(_("note of the organiser"), blank=True)
    cancel_requested_at = models.DateTimeField(_("asked to cancel after the deadline"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering: ClassVar = ["created_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["run", "state"], name="registration_state"),
            models.Index(fields=["run", "priority", "waiting_since", "id"], name="registration_line"),
            models.Index(fields=["email_norm"], name="registration_email"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "email_norm"],
                condition=Q(state__in=sorted(ACTIVE)) & ~Q(email_norm=""),
                name="one_active_registration",
                violation_error_message=_("This person is already registered for this run."),
            ),
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(WAITS)) | Q(waiting_since__isnull=False),
                name="who_waits_has_waited_since",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True) | Q(name="", email="", email_norm="", function="", note=""),
                name="anonymised_registration_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run.number}/{self.pk}"

    @property
    def is_active(self) -> bool:
        """Return whether this may still lead to a seat or holds one."""
        return self.state in ACTIVE

    @property
    def has_seat(self) -> bool:
        """Return whether the seat is taken for good."""
        return self.state in TAKEN

    @property
    def has_ended(self) -> bool:
        """Return whether the run is over for this person: attendance was recorded, or its last session has ended."""
        return self.state in (RegistrationState.ATTENDED, RegistrationState.NO_SHOW) or self.run.is_over

    @property
    def contact_email(self) -> str:
        """Return where mails about this seat go: the person's own address, else the coordinator's."""
        return self.email or self.booking.email

    @property
    def contact_name(self) -> str:
        """Return the name to greet."""
        return self.name if self.email else self.booking.name

    @property
    def position(self) -> int | None:
        """Return the place on the waiting list, from 1; None for who does not wait."""
        if self.state not in WAITS:
            return None
        line = Registration.objects.filter(run_id=self.run_id, pool_id=self.pool_id).in_line()
        earlier = Q(priority__lt=self.priority) | Q(priority=self.priority, waiting_since__lt=self.waiting_since)
        same = Q(priority=self.priority, waiting_since=self.waiting_since, pk__lt=self.pk)
        return line.filter(earlier | same).count() + 1


class OnlineAccess(models.Model):
    """How to get into an online session: shown on the manage page of registered people only, from a set time."""

    session = models.OneToOneField("trainings.Session", on_delete=models.CASCADE, related_name="online_access")
    join_url = EncryptedTextField(_("address of the meeting"), max_length=500, validators=[URLValidator()])
    dial_in = EncryptedTextField(_("telephone and code"), max_length=200, blank=True)
    visible_hours_before = models.PositiveSmallIntegerField(_("visible hours before"), default=24)

    class Meta:
        verbose_name = _("online access")
        verbose_name_plural = _("online access")

    def __str__(self) -> str:
        return str(self.session)

    @property
    def is_visible(self) -> bool:
        """Return whether participants may see it now: from the set hours before until the session's end."""
        now = timezone.now()
        opens = self.session.starts_at - dt.timedelta(hours=self.visible_hours_before)
        return opens <= now <= self.session.ends_at


class Interest(models.Model):
    """Somebody who wants to hear of the next date of one offer; only for that, and only after a confirmation."""

    offer = models.ForeignKey("trainings.Offer", on_delete=models.CASCADE, related_name="interests")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"))
    email_norm = models.CharField(max_length=254, editable=False)
    locale = models.CharField(_("language"), max_length=10, default="de")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_of = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interested people")
        constraints: ClassVar = [models.UniqueConstraint(fields=["offer", "email_norm"], name="one_interest")]

    def __str__(self) -> str:
        return f"{self.offer_id}/{self.pk}"


class RunStats(models.Model):
    """Counts of a run that survive the deletion of its people; numbers below three are not kept apart."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="stats")
    counts = models.JSONField(default=dict)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("statistics of a run")
        verbose_name_plural = _("statistics of runs")

    def __str__(self) -> str:
        return self.run.number
