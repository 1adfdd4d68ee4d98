"""One person everywhere, then erased: no table, file, revision, index or mail knows them any more."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection, models
from django.utils import timezone
from wagtail.models import ReferenceIndex, Revision

from cms.models import User
from cms.outbox import pump
from cms.outbox.models import MessageState, OutboxMessage
from cms.privacy import consents
from cms.privacy import services as privacy
from cms.privacy.models import AuditEntry, ConsentRecord, ErasureLog
from tests.factories import pages as make
from tests.factories.registrations import book, make_bare_run, make_submission, one, states
from tests.factories.smtp import smtp_server
from trainings.models import (
    Attendance,
    Booking,
    Certificate,
    FormVersion,
    Interest,
    Question,
    Registration,
    Run,
    RunStats,
    SensitiveAnswer,
)
from trainings.services import changing, closing, interests, registering, selecting
from trainings.services.answering import save_answers
from trainings.services.booking import Person
from trainings.services.invariants import problems

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
NAME, EMAIL, PHONE = "Wilhelmine Unverwechselbar", "wilhelmine.unverwechselbar@example.org", "0331 4711 9988"
TRACES = ("unverwechselbar", "4711 9988", "glutenfrei-spezial", "geheimer kommentar")
DAY = dt.timedelta(days=1)


def text_columns() -> list[tuple[type[models.Model], str]]:
    """Return every column of every table that can hold text."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField, models.GenericIPAddressField)
    found = []
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        found += [(model, field.name) for field in model._meta.local_concrete_fields if isinstance(field, kinds)]
    return found


def traces() -> list[str]:
    """Return where something of the person still stands, in the database and in files."""
    found = []
    for model, name in text_columns():
        for pk, value in model._base_manager.values_list("pk", name):
            text = (value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)).casefold()
            found += [f"{model._meta.label} {pk} {name}: {trace}" for trace in TRACES if trace in text]
    for folder in (Path(django_settings.MEDIA_ROOT), Path(django_settings.SEARCH_FOLDER)):
        for file in folder.rglob("*"):
            if file.is_file():
                content = file.read_bytes().lower()
                found += [f"{file.name}: {trace}" for trace in TRACES if trace.encode() in content]
    return sorted(found)


def person() -> Person:
    return Person(NAME, EMAIL, "Leitung Unverwechselbar")


def book_person(run: Run, *, confirm: bool = True, **fields: Any) -> Booking:
    submission = replace(make_submission(**fields), people=(person(),))
    booking = registering.submit(run.pk, submission).booking
    assert booking is not None
    return registering.confirm(booking) if confirm else booking


@pytest.fixture
def everywhere(settings) -> Run:
    """Seed the person as applicant, coordinator, colleague and interested; as reviewed, served and remembered."""
    tree = make.make_tree()
    page = make.make_training(tree)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run = make.make_run(page, seats=5)
    consents.ensure_text("registration", {"de": "Ja", "en": "Yes"})
    consents.ensure_text("interest", {"de": "Ja", "en": "Yes"})
    form = FormVersion.objects.create(run=run)
    ask = {"label_de": "Frage", "label_en": "Question", "purpose_de": "Zweck", "purpose_en": "Purpose"}
    plain = Question.objects.create(form=form, **ask)
    secret = Question.objects.create(form=form, stage="after", sensitive=True, **ask)
    own = book_person(run, email=EMAIL, name=NAME, phone=PHONE, organisation="Amt Unverwechselbar")
    seat = one(own)
    save_answers(seat, {plain.pk: "Ich bin Unverwechselbar", secret.pk: "glutenfrei-spezial"})
    Registration.objects.filter(pk=seat.pk).update(note="Frau Unverwechselbar anrufen", reason="Unverwechselbar")
    Attendance.objects.create(registration=seat, session=run.sessions.all()[0], presence="present", minutes=60)
    _elsewhere(page)
    interests.ask(run.offer, email=EMAIL, locale="de")
    while pump.tick():
        pass
    return run


def _elsewhere(page: Any) -> None:
    """In a group of somebody else, as coordinator of others, as replaced person, and with an application."""
    colleague = make_submission("Ada", "Bo")
    group = registering.submit(make_bare_run().pk, replace(colleague, people=(person(), colleague.people[1])))
    assert group.booking is not None
    registering.confirm(group.booking)
    others = make_submission("Cem", "", email=EMAIL)
    coordinated = registering.submit(make_bare_run().pk, replace(others, name=NAME, phone=PHONE))
    assert coordinated.booking is not None
    registering.confirm(coordinated.booking)
    replaced = one(book_person(make_bare_run()))
    changing.set_person(replaced, Person("Neu", "neu@example.org"))
    call = make_bare_run(admission="application", cancel_until=timezone.now() - DAY)
    applied = one(book_person(call, email=EMAIL, name=NAME))
    reviewer = User.objects.create(username="reviewer")
    selecting.review(applied, reviewer=reviewer, vote=3, comment="geheimer Kommentar")
    past = make_bare_run(seats=3)
    here = one(book_person(past, email=EMAIL, name=NAME))
    Run.objects.filter(pk=past.pk).update(starts_at=timezone.now() - 2 * DAY, ends_at=timezone.now() - DAY)
    closing.record_attendance(past.pk, {(here.pk, past.sessions.get().pk): "present"}, actor=None)
    closing.certify(Registration.objects.select_related("run").get(pk=here.pk))
    other = book_person(make_bare_run(), email=EMAIL, name=NAME, confirm=False)
    assert other.email == EMAIL


def test_erased_means_nowhere(everywhere: Run):
    assert len({trace.partition(" ")[0] for trace in traces()}) >= 7
    assert not [trace for trace in traces() if "AuditEntry" in trace]
    statistics = {run.pk: closing.write_stats(run).counts for run in Run.objects.all()}

    counts = privacy.erase_person(f" {EMAIL.upper()} ")
    while pump.tick():
        pass

    assert counts["trainings"] > 5
    assert traces() == []
    assert not OutboxMessage.objects.filter(state__in=("queued", "sending"), to="").exists()
    assert problems() == []
    assert privacy.export_person(EMAIL) == {}
    for run in Run.objects.filter(pk__in=statistics):
        places = {name: sum(counts.values()) for name, counts in closing.write_stats(run).counts.items()}
        assert places == {name: sum(counts.values()) for name, counts in statistics[run.pk].items()}


def test_erased_people_give_back_their_seats_and_colleagues_keep_theirs(everywhere: Run):
    privacy.erase_person(EMAIL)

    assert states(everywhere) == ["cancelled"]
    group = Booking.objects.get(registrations__name="Bo")
    assert sorted(group.registrations.values_list("state", flat=True)) == ["cancelled", "confirmed"]
    assert group.email != ""
    cem = Registration.objects.get(name="Cem")
    assert (cem.state, cem.booking.email, cem.booking.name) == ("confirmed", "", "")
    assert sorted(cem.booking.registrations.values_list("state", flat=True)) == ["cancelled", "confirmed"]


def test_mails_to_colleagues_still_go_out_after_a_coordinator_was_erased(settings):
    run = make_bare_run()
    booking = book(run, "Ada", "Bo")
    OutboxMessage.objects.filter(kind="registration.please_confirm").update(state=MessageState.SUPERSEDED)

    privacy.erase_person(booking.email)

    with smtp_server(settings) as sink:
        pump.tick()
    addresses = set(sink.recipients())
    assert addresses == set(booking.registrations.values_list("email", flat=True))


def test_a_coordinator_who_was_erased_before_confirming_holds_no_seats():
    run = make_bare_run(seats=2)
    booking = book(run, "Ada", "Bo", confirm=False)

    privacy.erase_person(booking.email)

    assert states(run) == ["withdrawn", "withdrawn"]
    assert problems() == []


def test_erased_after_the_deadline_gives_the_seat_to_the_next():
    run = make_bare_run(seats=1)
    first, second = book(run), book(run)
    Run.objects.filter(pk=run.pk).update(cancel_until=timezone.now() - DAY)

    privacy.erase_person(first.email)

    assert states(run) == ["cancelled", "offered"]
    assert one(second).is_active


def test_a_backup_that_is_restored_is_erased_again(everywhere: Run):
    privacy.erase_person(EMAIL)
    book_person(make_bare_run(), email=EMAIL, name=NAME)  # what the backup brings back
    book(make_bare_run(), email="bleibt@example.org")

    again = privacy.replay_erasures({EMAIL, "bleibt@example.org"})

    assert again == 1
    assert traces() == []
    assert Booking.objects.filter(email="bleibt@example.org").exists()
    assert EMAIL not in json.dumps(list(ErasureLog.objects.values("email_digest", "counts")))


def test_pages_revisions_and_indexes_never_knew_the_person(everywhere: Run):
    assert "Unverwechselbar" not in json.dumps(list(Revision.objects.values_list("content", flat=True)), default=str)
    kept = {"trainings.registration", "trainings.booking", "trainings.interest"}
    sources = {row.content_type.app_label + "." + row.content_type.model for row in ReferenceIndex.objects.all()}
    assert not sources & kept


def test_certificates_prove_themselves_without_a_name(everywhere: Run):
    number = Certificate.objects.get().number

    privacy.erase_person(EMAIL)

    assert closing.verify(number, NAME) is not None
    assert closing.verify(number, "Jemand Anders") is None


@pytest.mark.parametrize(
    ("days", "gone"),
    [
        (13, set()),
        (15, {"sensitive"}),
        (89, {"sensitive"}),
        (91, {"sensitive", "cancelled"}),
        (364, {"sensitive", "cancelled"}),
        (366, {"sensitive", "cancelled", "attended"}),
    ],
)
def test_each_class_of_data_goes_on_its_day(days, gone):
    run = make_bare_run()
    form = FormVersion.objects.create(run=run)
    ask = {"label_de": "F", "label_en": "Q", "purpose_de": "Z", "purpose_en": "P"}
    secret = Question.objects.create(form=form, stage="after", sensitive=True, retention_days=30, **ask)
    came, cancelled = one(book(run)), one(book(run))
    save_answers(came, {secret.pk: "vegan"})
    changing.cancel([cancelled])
    assert run.ends_at is not None
    with time_machine.travel(run.ends_at + dt.timedelta(hours=1)):
        closing.record_attendance(run.pk, {(came.pk, run.sessions.get().pk): "present"}, actor=None)
        before = closing.write_stats(run).counts

    with time_machine.travel(run.ends_at + days * DAY):
        due = privacy.purge_due(dry_run=True)
        done = privacy.purge_due()
        again = privacy.purge_due()
        after = closing.write_stats(run).counts

    emptied = set() if SensitiveAnswer.objects.exists() else {"sensitive"}
    emptied |= set(Registration.objects.filter(name="", anonymised_at__isnull=False).values_list("state", flat=True))
    assert emptied == gone
    together = {"sensitive_answers": 0}  # in the end they go with their person
    assert due | together == done | together
    assert sum(again.values()) == 0
    assert after == before
    assert RunStats.objects.get(run=run).counts == before


def test_unconfirmed_registrations_interest_and_texts_of_mails_go_too(settings):
    consents.ensure_text("interest", {"de": "Ja", "en": "Yes"})
    run = make_bare_run(starts_in=90)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        book(run, confirm=False)
        interests.ask(run.offer, email="jo@example.org", locale="de")
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        while pump.tick():
            pass
        clock.shift(DAY + dt.timedelta(minutes=1))
        registering.expire_holds(run.pk)
        clock.shift(dt.timedelta(hours=47))
        privacy.purge_due()
        assert (Registration.objects.count(), Interest.objects.count()) == (1, 0)
        clock.shift(dt.timedelta(hours=2))
        privacy.purge_due()
        assert (Registration.objects.count(), Booking.objects.count()) == (0, 0)
        clock.shift(30 * DAY)
        privacy.purge_due()

    assert set(OutboxMessage.objects.values_list("to", "body")) == {("", "")}
    assert ConsentRecord.objects.filter(subject_kind="trainings.booking").count() == 0
    assert AuditEntry.objects.filter(action="expire").count() == 1


def test_a_funder_who_asks_for_proof_gets_the_longer_time():
    run = make_bare_run(retention_days=1000)
    seat = one(book(run))
    assert run.ends_at is not None

    with time_machine.travel(run.ends_at + 999 * DAY):
        privacy.purge_due()
    assert one(seat.booking).name != ""
    with time_machine.travel(run.ends_at + 1001 * DAY):
        privacy.purge_due()

    assert one(seat.booking).name == ""


def test_the_test_looks_at_every_table():
    tables = {model._meta.db_table for model, _name in text_columns()}

    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor))
    only_numbers = names - tables - {name for name in names if name.endswith(("_permissions", "_groups"))}
    assert {"trainings_registration", "outbox_outboxmessage", "wagtailcore_revision"} <= tables
    assert not {
        name for name in only_numbers if name.startswith(("trainings_b", "trainings_reg", "outbox", "privacy_c"))
    } - {"outbox_mailroute"}
