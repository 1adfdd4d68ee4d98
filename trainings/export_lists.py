"""Which columns a list has, by its purpose: nobody gets more than the purpose needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.templatetags.look import day
from cms.vocabularies import Mode, SizeClass
from trainings.exports import Table
from trainings.models import Booking, Question, Registration, Run, SensitiveAnswer
from trainings.registration_states import TAKEN, RegistrationState


def _seats(run: Run) -> Any:
    """Return the people with a seat, by name."""
    rows = Registration.objects.filter(run=run, anonymised_at__isnull=True).for_list()
    return rows.filter(state__in=TAKEN).order_by("name", "pk")


def _land(row: Registration) -> str:
    place = row.booking.municipality
    return str(place.get_state_display()) if place else ""


def _size(row: Registration) -> str:
    place = row.booking.municipality
    size = SizeClass.of(place.population) if place else None
    return str(size.label) if size else ""


def _answers(run: Run, rows: list[Registration]) -> tuple[list[Question], dict[tuple[int, int], Any]]:
    """Return the questions that are not sensitive, and the answers by (registration, question)."""
    questions = list(Question.objects.filter(form__run=run, answers__isnull=False).distinct().order_by("form", "pk"))
    found = {}
    for row in rows:
        for answer in row.answers.all():
            found[row.pk, answer.question_id] = answer.value
    return questions, found


def _answer_cells(row: Registration, questions: list[Question], given: dict[tuple[int, int], Any]) -> list[str]:
    values = [(question, given.get((row.pk, question.pk))) for question in questions]
    return ["" if value is None else question.in_words(value) for question, value in values]


def organiser(run: Run) -> list[Table]:
    """Everything the organiser needs to reach people and to plan; never sensitive answers."""
    kept = Registration.objects.filter(run=run, anonymised_at__isnull=True).for_list()
    rows = list(kept.prefetch_related("answers").order_by("name", "pk"))
    questions, given = _answers(run, rows)
    columns = [
        *(_("Name"), _("E-mail"), _("Function"), _("Organisation"), _("Municipality"), _("Federal state")),
        *(_("Phone"), _("Status"), _("Takes part"), _("Registered by"), _("E-mail of the coordinator")),
        *(_("Registered on"), _("Note")),
    ]
    table = []
    for row in rows:
        booking = row.booking
        cells = [row.name, row.email, row.function, booking.organisation, booking.place, _land(row), booking.phone]
        cells += [row.get_state_display(), row.pool.get_mode_display(), booking.name, booking.email]
        cells += [day(timezone.localdate(row.created_at)), row.note]
        table.append([*cells, *_answer_cells(row, questions, given)])
    return [Table(_("Participants"), [*columns, *(question.label for question in questions)], table)]


def venue(run: Run) -> list[Table]:
    """Who comes to the house: for door signs and the reception."""
    rows = _seats(run).filter(pool__mode=Mode.ONSITE)
    cells = [[row.name or _("Seat without a name"), row.booking.organisation] for row in rows]
    return [Table(_("Venue"), [_("Name"), _("Organisation")], cells)]


def caterer(run: Run) -> list[Table]:
    """How many eat what and who needs which access: numbers only, no name and no row that stands for a person."""
    onsite = _seats(run).filter(pool__mode=Mode.ONSITE)
    answers = SensitiveAnswer.objects.filter(registration__in=onsite).select_related("question")
    counts: Counter[tuple[str, str]] = Counter()
    for answer in answers:
        values = answer.value if isinstance(answer.value, list) else [answer.value]
        for value in values:
            counts[answer.question.label, answer.question.in_words(value)] += 1
    lines: list[list[Any]] = [[_("People on site"), "", onsite.count()]]
    lines += [[label, value, number] for (label, value), number in sorted(counts.items())]
    return [Table(_("Catering and access"), [_("Question"), _("Answer"), _("Number")], lines)]


def cashier(run: Run) -> list[Table]:
    """What an invoice needs, one line a booking."""
    seats = Counter(_seats(run).values_list("booking_id", flat=True))
    bookings = Booking.objects.filter(pk__in=seats).select_related("municipality").order_by("organisation", "pk")
    columns = [_("Booking"), _("Organisation"), _("Municipality"), _("Contact"), _("E-mail")]
    columns += [_("Address of the invoice"), _("Reference or Leitweg-ID"), _("Seats"), _("Fee"), _("Sum")]
    lines = []
    for booking in bookings:
        fee = run.fee or 0
        cells = [f"{run.number}/{booking.pk}", booking.organisation, booking.place, booking.name, booking.email]
        count = seats[booking.pk]
        lines.append([*cells, booking.invoice_address, booking.invoice_reference, count, fee, fee * count])
    return [Table(_("Invoices"), columns, lines)]


def funder(run: Run) -> list[Table]:
    """What a funder asks for: function and place, no name and no address."""
    rows = _seats(run).prefetch_related("attendances").order_by("booking__municipality__state", "function", "pk")
    columns = [_("Function"), _("Municipality"), _("Federal state"), _("Takes part"), _("Status"), _("Minutes present")]
    lines = []
    for row in rows:
        minutes = sum(one.minutes for one in row.attendances.all())
        cells = [row.function, row.booking.place, _land(row), row.pool.get_mode_display(), row.get_state_display()]
        lines.append([*cells, minutes])
    return [Table(_("Proof for the funder"), columns, lines)]


def review(run: Run) -> list[Table]:
    """Applications with their votes; without names where the review is blind, never with an address."""
    applied = Registration.objects.filter(run=run, state=RegistrationState.APPLIED, anonymised_at__isnull=True)
    rows = list(applied.for_list().prefetch_related("answers", "reviews").order_by("pk"))
    questions, given = _answers(run, rows)
    who = [] if run.blind_review else [_("Name"), _("Organisation")]
    columns = [_("Application"), *who, _("Function"), _("Municipality"), _("Federal state"), _("Size")]
    columns += [_("Votes"), _("Average"), *(question.label for question in questions)]
    lines = []
    for row in rows:
        names = [] if run.blind_review else [row.name, row.booking.organisation]
        votes = [one.vote for one in row.reviews.all()]
        average = f"{sum(votes) / len(votes):.1f}" if votes else ""
        cells = [f"{run.number}/{row.pk}", *names, row.function, row.booking.place, _land(row), _size(row)]
        lines.append([*cells, len(votes), average, *_answer_cells(row, questions, given)])
    return [Table(_("Applications"), columns, lines)]


@dataclass(frozen=True)
class Purpose:
    """One list: what it is for, who may have it."""

    label: Any
    hint: Any
    build: Callable[[Run], list[Table]]
    for_reviewers: bool = False
    sensitive: bool = False


PURPOSES: dict[str, Purpose] = {
    "organiser": Purpose(
        gettext_lazy("Participants"), gettext_lazy("All contact data, for your own work only."), organiser
    ),
    "venue": Purpose(gettext_lazy("Venue"), gettext_lazy("Name and organisation of those who come."), venue),
    "caterer": Purpose(
        gettext_lazy("Catering and access"), gettext_lazy("Numbers without names."), caterer, sensitive=True
    ),
    "cashier": Purpose(gettext_lazy("Invoices"), gettext_lazy("Addresses of invoices, one line a booking."), cashier),
    "funder": Purpose(
        gettext_lazy("Proof for the funder"), gettext_lazy("Function, municipality and federal state."), funder
    ),
    "review": Purpose(
        gettext_lazy("Applications"), gettext_lazy("Applications with votes."), review, for_reviewers=True
    ),
}
