"""One submission, written: the booking, its seats, their answers and consents, in a statement each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from cms.privacy import consents
from cms.privacy.models import ConsentText
from trainings.models import Booking, Question, Registration, normalised_email
from trainings.registration_states import RegistrationState
from trainings.services.answering import first_answers, known_questions
from trainings.services.locking import LockedRun


@dataclass(frozen=True)
class Person:
    """One seat; without a name while the group is not settled."""

    name: str = ""
    email: str = ""
    function: str = ""
    share_contact: bool = False
    answers: dict[int, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """What somebody sent: checked by the form, decided under the lock."""

    submission_id: uuid.UUID
    name: str
    email: str
    locale: str
    people: tuple[Person, ...]
    pool_id: int | None = None
    phone: str = ""
    organisation: str = ""
    municipality_id: int | None = None
    municipality_text: str = ""
    invoice_address: str = ""
    invoice_reference: str = ""
    all_or_nothing: bool = False
    is_group: bool = False
    is_early: bool = False  # by the link of the interest list, a day before the others
    consent_keys: tuple[str, ...] = ("registration",)

    @property
    def nameless(self) -> int:
        """Return how many seats have no name yet."""
        return sum(not person.name for person in self.people)


@dataclass(frozen=True)
class Prepared:
    """What a submission needs and nobody else can change: read before the lock, so that the lock is short."""

    texts: list[ConsentText]
    questions: dict[int, Question]


def prepare(submission: Submission) -> Prepared:
    """Read the texts that were agreed to and the questions that were answered."""
    texts = [consents.current_text(key, submission.locale) for key in submission.consent_keys]
    return Prepared(texts, known_questions(pk for person in submission.people for pk in person.answers))


def write_booking(
    locked: LockedRun,
    submission: Submission,
    prepared: Prepared,
    seats: tuple[int, list[RegistrationState]],
    **extra: Any,
) -> tuple[Booking, list[Registration]]:
    """Write a booking with its seats: the pool, and the state of each person's seat."""
    pool_id, states = seats
    booking = Booking.objects.create(
        submission_id=submission.submission_id,
        run=locked.run,
        name=submission.name,
        email=submission.email.strip(),
        email_norm=normalised_email(submission.email),
        phone=submission.phone,
        organisation=submission.organisation,
        municipality_id=submission.municipality_id,
        municipality_text=submission.municipality_text.strip(),
        invoice_address=submission.invoice_address,
        invoice_reference=submission.invoice_reference,
        locale=submission.locale,
        all_or_nothing=submission.all_or_nothing,
        is_group=submission.is_group,
        created_at=locked.now,
        **extra,
    )
    rows = [
        _registration(locked, booking, person, pool_id, state)
        for person, state in zip(submission.people, states, strict=True)
    ]
    locked.add(rows)
    answered = zip(rows, (person.answers for person in submission.people), strict=True)
    first_answers(answered, prepared.questions)
    subject = ("trainings.booking", booking.pk)
    consents.record_first(prepared.texts, subject=subject, channel="registration form")
    return booking, rows


def _registration(
    locked: LockedRun, booking: Booking, person: Person, pool_id: int, state: RegistrationState
) -> Registration:
    return Registration(
        booking=booking,
        run=locked.run,
        pool_id=pool_id,
        name=person.name,
        email=person.email.strip(),
        email_norm=normalised_email(person.email),
        function=person.function,
        share_contact=person.share_contact,
        state=state,
        created_at=locked.now,
        waiting_since=locked.now if state == RegistrationState.WAITING else None,
    )
