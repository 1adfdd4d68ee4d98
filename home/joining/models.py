"""Enquiries and what belongs to them; ordinary rows, never pages, in no search and no reference index."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.fields import ChoiceListField
from cms.i18n import in_language
from trainings.models import normalised_email


class Kind(models.TextChoices):
    """What somebody wants of us."""

    ASK = "ask", pgettext_lazy("kind of enquiry", "Question")
    ADVICE = "advice", pgettext_lazy("kind of enquiry", "Advice")
    JOIN = "join", pgettext_lazy("kind of enquiry", "Joining")
    FILE = "file", pgettext_lazy("kind of enquiry", "Accessible version of a file")
    BARRIER = "barrier", pgettext_lazy("kind of enquiry", "Report of a barrier")


DUE_DAYS = {  # counted from the sending; the law gives a month for barriers (§ 12b BGG)
    Kind.ASK: 7,
    Kind.ADVICE: 7,
    Kind.JOIN: 7,
    Kind.FILE: 14,
    Kind.BARRIER: 28,
}
COUNT_AT_ONCE = (Kind.FILE, Kind.BARRIER)  # a right, so they wait for no confirmation


class Status(models.TextChoices):
    """How far an enquiry is."""

    NEW = "new", pgettext_lazy("status of an enquiry", "Not confirmed yet")
    CONFIRMED = "confirmed", pgettext_lazy("status of an enquiry", "New")
    WORK = "work", pgettext_lazy("status of an enquiry", "In work")
    ANSWERED = "answered", pgettext_lazy("status of an enquiry", "Answered")
    CLOSED = "closed", pgettext_lazy("status of an enquiry", "Closed")


class Sender(models.TextChoices):
    """Who somebody writes for."""

    PUBLIC = "public", _("A municipality or another public body")
    INDEPENDENT = "independent", _("An independent provider, association or school")
    INDIVIDUAL = "individual", _("Only myself")


class Standing(models.TextChoices):
    """Where a municipality says that it stands in a step."""

    NONE = "none", pgettext_lazy("standing in a step", "Not there")
    STARTED = "started", pgettext_lazy("standing in a step", "Started")
    PARTLY = "partly", pgettext_lazy("standing in a step", "Partly there")
    EMBEDDED = "embedded", pgettext_lazy("standing in a step", "Embedded")


class Wish(models.TextChoices):
    """What a municipality would like."""

    JOIN = "join", _("Become a member")
    ADVICE = "advice", _("Be advised")
    SPEAKER = "speaker", _("Somebody who speaks at our event or in our committee")
    PARTNER = "partner", _("A partner municipality with the same questions")


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Vocabulary of enquiry queries."""

    def waiting(self) -> EnquiryQuerySet:
        """Keep what somebody has to answer."""
        return self.filter(Q(status__in=(Status.CONFIRMED, Status.WORK)) | Q(status=Status.NEW, kind__in=COUNT_AT_ONCE))

    def overdue(self) -> EnquiryQuerySet:
        """Keep what should have been answered by now."""
        return self.waiting().filter(due_on__lt=timezone.localdate())

    def of_address(self, email: str) -> EnquiryQuerySet:
        """Keep what came from an address."""
        return self.filter(email_norm=normalised_email(email))


class Enquiry(models.Model):
    """One enquiry. Retention: see `personal_data`; the log names fields, never what was typed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission_id = models.UUIDField(unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.NEW)
    locale = models.CharField(_("language"), max_length=2)
    sender = models.CharField(_("writes for"), max_length=12, choices=Sender.choices, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    role = models.CharField(_("function"), max_length=160, blank=True)
    municipality = models.ForeignKey(
        "knowledge.Municipality",
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="enquiries",
    )
    municipality_text = models.CharField(_("municipality in own words"), max_length=160, blank=True)
    standings = models.JSONField(_("where we stand"), default=dict, blank=True)
    words = models.JSONField(_("in own words"), default=dict, blank=True)
    wishes = ChoiceListField(_("wishes"), options=Wish.choices, blank=True)
    message = models.TextField(_("message"), blank=True)
    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"))
    email_norm = models.CharField(max_length=254, db_index=True, editable=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    step = models.CharField(_("step"), max_length=20, blank=True)
    document = models.ForeignKey(
        "cms.CustomDocument",
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who answers"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    due_on = models.DateField(_("to be answered by"))
    profile = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("profile"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    changed_at = models.DateTimeField(_("last change"), default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True
    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering: ClassVar = ["due_on", "pk"]
        permissions: ClassVar = [("write_to_members", _("Can write to members"))]
        indexes: ClassVar = [models.Index(fields=["status", "due_on"], name="enquiry_due")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="enquiry_status_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="enquiry_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.place or self.organisation or self.pk}"

    @property
    def place(self) -> str:
        """Return the municipality as one says it."""
        return str(self.municipality) if self.municipality else self.municipality_text

    @property
    def is_waiting(self) -> bool:
        """Return whether somebody has to answer."""
        is_unconfirmed = self.status == Status.NEW and self.kind in COUNT_AT_ONCE
        return is_unconfirmed or self.status in (Status.CONFIRMED, Status.WORK)

    @property
    def is_overdue(self) -> bool:
        """Return whether the answer is late."""
        return self.is_waiting and self.due_on < timezone.localdate()

    @property
    def may_become_member(self) -> bool:
        """Return whether a municipality stands behind the enquiry that could get a profile."""
        return bool(self.place) and self.sender != Sender.INDIVIDUAL


def due_date(kind: str, today: dt.date | None = None) -> dt.date:
    """Return by when an enquiry of a kind is to be answered."""
    return (today or timezone.localdate()) + dt.timedelta(days=DUE_DAYS[Kind(kind)])


class EnquiryNote(models.Model):
    """What an editor wants to remember, or answered; goes with the enquiry."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    is_answer = models.BooleanField(default=False)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("note on an enquiry")
        verbose_name_plural = _("notes on enquiries")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.at:%Y-%m-%d}"


class AnswerTemplate(models.Model):
    """A text to begin an answer with; `{name}` and `{municipality}` are filled in."""

    title = models.CharField(_("title"), max_length=120, help_text=_("For editors only."))
    kind = models.CharField(
        _("offered for"), max_length=10, choices=Kind.choices, blank=True, help_text=_("Empty: for every enquiry.")
    )
    subject_de = models.CharField(_("subject, German"), max_length=200)
    text_de = models.TextField(_("text, German"), help_text=_("{name} and {municipality} are filled in."))
    subject_en = models.CharField(_("subject, English"), max_length=200)
    text_en = models.TextField(_("text, English"))

    class Meta:
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title

    def filled(self, enquiry: Enquiry) -> tuple[str, str]:
        """Return subject and text in the language of the enquiry."""
        values = {"{name}": enquiry.name, "{municipality}": enquiry.place}
        found = [in_language(self, part, enquiry.locale) for part in ("subject", "text")]
        for mark, value in values.items():
            found = [text.replace(mark, value or "…") for text in found]
        return found[0], found[1]


class LetterRefusal(models.Model):
    """That an address wants no more mail to members. Only its keyed digest is kept, so nobody can be read from it."""

    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("refusal of mail to members")
        verbose_name_plural = _("refusals of mail to members")

    def __str__(self) -> str:
        return self.digest[:8]
