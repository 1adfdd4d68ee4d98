"""What organisers do with people: the list, many at once, selection, attendance, mail; each through the services."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.outbox import pump
from cms.outbox.models import MailRoute, OutboxMessage
from cms.privacy.models import AuditEntry
from tests.factories.pages import make_municipality
from tests.factories.registrations import book, make_bare_run, one, states
from tests.factories.staff import make_staff
from trainings.models import Answer, Booking, FormVersion, OnlineAccess, Pool, Question, Registration, Run
from trainings.reasons import RemoveReason
from trainings.services import changing, editing, organising, selecting
from trainings.services.answering import current_form, save_answers
from trainings.services.invariants import problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(client: Client) -> Any:
    user = make_staff("organiser")
    client.force_login(user)
    return user


@pytest.fixture
def run(organiser: Any) -> Run:
    return make_bare_run(owner=organiser)


def kinds() -> list[str]:
    return list(OutboxMessage.objects.exclude(kind="run.organiser").order_by("pk").values_list("kind", flat=True))


def url(name: str, run: Run, *args: object) -> str:
    return reverse(name, args=[run.pk, *args])


def act(client: Client, run: Run, action: str, rows: list[Registration], **data: Any) -> Any:
    ids = {"action": action, "ids": [row.pk for row in rows], "sure": "yes", **data}
    return client.post(url("run_bulk", run), ids)


def people(run: Run) -> list[Registration]:
    return list(Registration.objects.filter(run=run).order_by("pk"))


# --- the dashboard ---------------------------------------------------------------------------------------------------


def test_dashboard_counts_people_and_names_what_is_missing(client: Client, run: Run):
    Run.objects.filter(pk=run.pk).update(min_participants=3, go_nogo_at=timezone.now() + dt.timedelta(days=2))
    book(run)
    book(run, confirm=False)

    board = client.get(url("run_dashboard", run)).context["board"]

    assert (board.counts.taken, board.counts.held, board.counts.waiting, board.missing) == (1, 1, 0, 2)
    assert board.pools[0]["free"] == 18


def test_dashboard_shows_mail_problems_of_this_run_only(client: Client, run: Run):
    mine, other = book(run), book(make_bare_run())
    OutboxMessage.objects.filter(subject_id__in=[str(mine.pk), str(other.pk)], kind="registration.confirmed").update(
        state="failed", last_error="550 unknown"
    )
    MailRoute.objects.update_or_create(pk=1, defaults={"trouble": "paused"})

    page = client.get(url("run_dashboard", run))

    message = OutboxMessage.objects.get(state="failed", subject_id=str(mine.pk))
    assert [row.pk for row in page.context["board"].mail_problems] == [message.pk]
    assert len(page.context["board"].warnings) == 2
    client.post(url("run_mail_problem", run, message.pk), {"decision": "again"})
    message.refresh_from_db()
    assert message.state == "queued"
    foreign = OutboxMessage.objects.get(state="failed", subject_id=str(other.pk))
    assert client.post(url("run_mail_problem", run, foreign.pk), {"decision": "again"}).status_code == 404


def test_run_is_guaranteed_by_post_only(client: Client, run: Run):
    assert client.get(url("run_guarantee", run)).status_code == 405
    client.post(url("run_guarantee", run))

    run.refresh_from_db()
    assert run.guaranteed_at is not None


def test_cancelling_needs_a_reason_and_a_tick(client: Client, run: Run):
    book(run)
    assert client.post(url("run_cancel", run), {"sure": "on"}).status_code == 200
    assert client.post(url("run_cancel", run), {"reason": "too_few"}).status_code == 200
    assert states(run) == ["confirmed"]

    client.post(url("run_cancel", run), {"reason": "too_few", "sure": "on"})

    assert states(run) == ["run_cancelled"]
    message = OutboxMessage.objects.get(kind="registration.run_cancelled")
    pump.tick()
    message.refresh_from_db()
    assert "Es gab zu wenige Anmeldungen." in message.body


def test_home_of_the_admin_lists_own_runs_that_need_somebody(client: Client, run: Run, organiser: Any):
    soon = timezone.now() + dt.timedelta(days=2)
    Run.objects.filter(pk=run.pk).update(go_nogo_at=soon, min_participants=5)
    foreign = make_bare_run(owner=make_staff("organiser"), go_nogo_at=soon)

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    assert run.number in page
    assert foreign.number not in page


@pytest.mark.parametrize("month", ["", "2027-13", "x", "0000-00", "9999-12", "0001-01"])
def test_calendar_takes_any_month(client: Client, run: Run, month: str):
    assert client.get(reverse("run_calendar"), {"month": month}).status_code == 200


def test_calendar_lists_sessions_of_the_month(client: Client, run: Run):
    assert run.first_day is not None

    page = client.get(reverse("run_calendar"), {"month": f"{run.first_day:%Y-%m}"})

    assert [line[1].pk for line in page.context["lines"]] == [run.pk]


# --- the list of participants ----------------------------------------------------------------------------------------


def test_list_filters_by_state_pool_municipality_and_text(client: Client, organiser: Any):
    run = make_bare_run(owner=organiser, pools=("onsite", "online"))
    onsite, online = run.pools.order_by("-mode")
    place = make_municipality(name="Waldstadt")
    first = one(book(run, email="a@example.org", pool_id=onsite.pk, municipality_id=place.pk))
    second = one(book(run, email="b@example.org", pool_id=online.pk, confirm=False))

    def shown(**query: Any) -> list[int]:
        page = client.get(url("run_participants", run), query)
        return [row.pk for row in page.context["page_obj"]]

    assert shown() == [first.pk, second.pk]
    assert shown(state="unverified") == [second.pk]
    assert shown(pool=onsite.pk) == [first.pk]
    assert shown(municipality=place.pk) == [first.pk]
    assert shown(q="waldstadt") == [first.pk]
    assert shown(q="b@example") == [second.pk]
    assert shown(state="nonsense", pool="x", municipality="-1", p="99") == [first.pk, second.pk]


@pytest.mark.parametrize("name", ["run_dashboard", "run_participants", "run_review", "run_attendance", "run_mail"])
def test_queries_do_not_grow_with_people(client: Client, organiser: Any, name: str, django_assert_max_num_queries: Any):
    run = make_bare_run(owner=organiser, seats=40, admission="application" if name == "run_review" else "fcfs")
    for _number in range(3):
        book(run, municipality_id=make_municipality().pk)
    client.get(url(name, run))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(url(name, run))
    for _number in range(27):
        book(run, municipality_id=make_municipality().pk)
    with CaptureQueriesContext(connection) as many:
        page = client.get(url(name, run))

    assert page.status_code == 200
    assert len(many) == len(few)


def test_many_are_asked_before_anything_happens(client: Client, run: Run):
    book(run)
    rows = people(run)

    page = client.post(url("run_bulk", run), {"action": "remove", "ids": [rows[0].pk]})

    assert (page.status_code, states(run)) == (200, ["confirmed"])
    page = act(client, run, "remove", rows, reason="nonsense")
    assert (page.status_code, states(run)) == (200, ["confirmed"])


def test_removing_tells_the_reason_and_serves_who_waits(client: Client, organiser: Any):
    run = make_bare_run(owner=organiser, seats=1)
    taken, _waiting = book(run), book(run)

    act(client, run, "remove", [one(taken)], reason="twice")

    assert states(run) == ["removed", "offered"]
    assert problems(run.pk) == []
    pump.tick()
    body = OutboxMessage.objects.get(kind="registration.removed").body
    assert "Sie waren doppelt angemeldet." in body
    assert "twice" not in body


def test_people_of_another_run_are_left_out(client: Client, run: Run):
    book(run)
    foreign = make_bare_run()
    stranger = one(book(foreign))

    act(client, run, "remove", [*people(run), stranger], reason="twice")

    assert (states(run), states(foreign)) == (["removed"], ["confirmed"])


@pytest.mark.parametrize("ids", [["x"], ["9" * 40], ["-1"], [""], []])
def test_nonsense_is_answered_with_a_message(client: Client, run: Run, ids: list[str]):
    for action in ("remove", "fly", ""):
        assert client.post(url("run_bulk", run), {"action": action, "ids": ids}).status_code == 302


def test_request_to_cancel_is_agreed_to(client: Client, run: Run, organiser: Any):
    Run.objects.filter(pk=run.pk).update(cancel_until=timezone.now() - dt.timedelta(hours=1))
    asks, stays = one(book(run)), one(book(run))
    changing.cancel([asks])
    before = len(kinds())

    act(client, run, "confirm_cancellation", [asks, stays])

    assert states(run) == ["cancelled", "confirmed"]
    assert kinds()[before:] == ["registration.cancelled"]
    assert organising.confirm_cancellation([asks, stays], actor=organiser) == 0


def test_request_to_cancel_is_closed_without_mail(client: Client, run: Run):
    Run.objects.filter(pk=run.pk).update(cancel_until=timezone.now() - dt.timedelta(hours=1))
    asks = one(book(run))
    changing.cancel([asks])
    before = kinds()

    act(client, run, "keep", [asks])

    asks.refresh_from_db()
    assert (asks.state, asks.cancel_requested_at, kinds()) == ("confirmed", None, before)


def test_moving_to_a_full_pool_is_refused(client: Client, organiser: Any):
    run = make_bare_run(owner=organiser, pools=("onsite", "online"), seats=1)
    onsite, online = run.pools.order_by("-mode")
    first, second = (one(book(run, pool_id=pool.pk)) for pool in (onsite, online))

    page = act(client, run, "move", [first], pool=online.pk)

    first.refresh_from_db()
    assert (page.status_code, first.pool_id) == (200, onsite.pk)
    assert page.context["form"].errors == {"pool": ["So viele Plätze sind dort nicht frei."]}
    changing.cancel([second])
    assert act(client, run, "move", [first], pool=online.pk).status_code == 302
    first.refresh_from_db()
    assert first.pool_id == online.pk
    assert problems(run.pk) == []


def test_turning_down_on_the_waiting_list_tells_them(client: Client, organiser: Any):
    run = make_bare_run(owner=organiser, seats=1)
    book(run)
    waits = one(book(run))

    act(client, run, "turn_down", [waits], reason="spread")

    assert states(run) == ["confirmed", "rejected"]
    assert kinds()[-1] == "registration.rejected"


def test_who_is_brought_forward_with_a_reason_gets_the_next_seat(client: Client, organiser: Any):
    run = make_bare_run(owner=organiser, seats=1)
    has_seat, _first, second = one(book(run)), one(book(run)), one(book(run))

    assert act(client, run, "forward", [second]).status_code == 200
    act(client, run, "forward", [second], reason="needed")
    changing.cancel([has_seat])

    assert states(run) == ["cancelled", "waiting", "offered"]
    assert AuditEntry.objects.get(action="brought_forward").details["reason"] == "needed"
    assert problems(run.pk) == []


# --- one person ------------------------------------------------------------------------------------------------------


def test_person_is_replaced_also_after_the_deadline(client: Client, run: Run):
    Run.objects.filter(pk=run.pk).update(names_due=timezone.now() - dt.timedelta(days=1))
    row = one(book(run, email="old@example.org"))

    client.post(url("run_person", run, row.pk), {"name": "Neu Hier", "email": "new@example.org", "function": "Leitung"})

    row.refresh_from_db()
    assert (row.name, row.email) == ("Neu Hier", "new@example.org")
    entry = AuditEntry.objects.get(action="person_replaced")
    assert entry.actor == run.owner
    assert "Neu" not in str(entry.details)


def test_person_twice_is_an_error_at_the_address(client: Client, run: Run):
    first = one(book(run, email="a@example.org"))
    second = one(book(run, email="b@example.org"))

    page = client.post(url("run_person", run, second.pk), {"name": "X", "email": "A@example.org"})

    assert page.context["form"].errors == {"email": ["Diese Person ist für diesen Termin schon angemeldet."]}
    assert page.context["form"]["name"].value() == "X"
    first.refresh_from_db()
    assert first.email == "a@example.org"


def test_note_is_kept_and_the_log_does_not_say_what(client: Client, run: Run):
    row = one(book(run))

    client.post(url("run_person", run, row.pk), {"note": "kommt mit Rollstuhl"})
    client.post(url("run_person", run, row.pk), {"note": "kommt mit Rollstuhl"})

    row.refresh_from_db()
    assert row.note == "kommt mit Rollstuhl"
    assert AuditEntry.objects.get(action="note_changed").details == {"fields": ["note"]}


def sensitive_answer(run: Run, row: Registration) -> None:
    texts = dict.fromkeys(("label_de", "label_en", "purpose_de", "purpose_en"), "Bedarf")
    question = Question.objects.create(form=FormVersion.objects.create(run=run), stage="after", sensitive=True, **texts)
    save_answers(row, {question.pk: "Gebärdensprache"})


def test_sensitive_answers_need_a_right_of_their_own(client: Client, run: Run, organiser: Any):
    row = one(book(run))
    sensitive_answer(run, row)
    assert "Gebärdensprache" in client.get(url("run_person", run, row.pk)).content.decode()
    assert "Gebärdensprache" in client.post(url("run_export", run, "caterer"), {"format": "csv"}).content.decode()

    organiser.groups.get().permissions.filter(codename="view_sensitiveanswer").get()
    group = organiser.groups.get()
    group.permissions.remove(group.permissions.get(codename="view_sensitiveanswer"))

    assert "Gebärdensprache" not in client.get(url("run_person", run, row.pk)).content.decode()
    assert client.post(url("run_export", run, "caterer")).status_code == 302


def added(**fields: Any) -> dict[str, Any]:
    return {
        "submission_id": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "name": "Kim Anruf",
        "email": "kim@example.org",
        "municipality": "Musterhausen",
        "locale": "de",
        "reason": "am Telefon",
        "consent": "on",
        **fields,
    }


def test_adding_by_hand_takes_a_seat_once(client: Client, run: Run):
    pool = run.pools.get()

    for _click in range(2):
        answer = client.post(url("run_add", run), added(pool=pool.pk))
        assert answer.status_code == 302

    row = Registration.objects.get(run=run)
    assert (row.state, row.note, row.booking.by_organiser) == ("confirmed", "am Telefon", True)
    assert kinds() == ["registration.confirmed"]
    assert problems(run.pk) == []


def test_adding_to_a_full_run_keeps_what_was_typed(client: Client, organiser: Any):
    run = make_bare_run(owner=organiser, seats=0)

    page = client.post(url("run_add", run), added(pool=run.pools.get().pk))

    assert (page.status_code, Booking.objects.count()) == (200, 0)
    assert page.context["form"].non_field_errors() == [
        "Alle Plätze sind vergeben, und für diesen Termin gibt es keine Warteliste."
    ]
    assert page.context["form"]["name"].value() == "Kim Anruf"


def test_adding_without_consent_is_refused(client: Client, run: Run):
    page = client.post(url("run_add", run), added(pool=run.pools.get().pk, consent=""))

    assert list(page.context["form"].errors) == ["consent"]


# --- selection -------------------------------------------------------------------------------------------------------


@pytest.fixture
def applications(organiser: Any) -> Run:
    run = make_bare_run(owner=organiser, seats=1, admission="application")
    for _number in range(3):
        book(run)
    return run


def test_decisions_are_quiet_until_they_are_released(client: Client, applications: Run):
    first, second, third = people(applications)
    before = kinds()
    data = {
        f"decision-{first.pk}": "select",
        f"decision-{second.pk}": "reserve",
        f"decision-{third.pk}": "reject:spread",
    }

    client.post(url("run_decide", applications), data)

    assert states(applications) == ["applied"] * 3
    assert kinds() == before
    client.post(url("run_release", applications))
    assert states(applications) == ["applied"] * 3
    client.post(url("run_release", applications), {"sure": "yes"})
    assert states(applications) == ["offered", "waiting", "rejected"]
    assert sorted(kinds()[len(before) :]) == ["registration.offered", "registration.rejected", "registration.reserved"]
    third.refresh_from_db()
    assert third.reason == "spread"


def test_releasing_more_than_there_are_seats_changes_nothing(client: Client, applications: Run):
    first, second, _third = people(applications)
    act(client, applications, "select", [first, second])

    page = client.post(url("run_release", applications), {"sure": "yes"}, follow=True)

    assert str(list(page.context["messages"])[-1]) == "2 Personen sind ausgewählt, aber nur 1 Platz ist frei."
    assert states(applications) == ["applied"] * 3


def test_unchanged_and_unknown_decisions_are_not_noted(client: Client, applications: Run):
    first, second, _third = people(applications)
    data = {f"decision-{first.pk}": "fly", f"decision-{second.pk}": "reject:nonsense", "decision-x": "select"}

    client.post(url("run_decide", applications), data)

    assert AuditEntry.objects.filter(action="decided").count() == 0


def test_reviewer_votes_and_sees_others_afterwards_only(client: Client, applications: Run):
    row = people(applications)[0]
    selecting.review(row, reviewer=applications.owner, vote=4, comment="Sehr passend")
    client.force_login(make_staff("reviewer"))
    address = url("run_vote", applications, row.pk)
    assert "Sehr passend" not in client.get(address).content.decode()

    client.post(address, {"vote": "2", "comment": "Eher nicht"})

    page = client.get(address).content.decode()
    assert "Sehr passend" in page
    line = next(one for one in client.get(url("run_review", applications)).context["rows"] if one.pk == row.pk)
    assert (line.average, line.spread, line.own.vote) == (3.0, 2, 2)


def test_vote_outside_the_scale_is_refused(client: Client, applications: Run):
    row = people(applications)[0]

    page = client.post(url("run_vote", applications, row.pk), {"vote": "5"})

    assert (list(page.context["form"].errors), row.reviews.count()) == (["vote"], 0)


# --- attendance, questions, files ------------------------------------------------------------------------------------


def test_attendance_before_the_start_is_refused_and_kept(client: Client, run: Run):
    row = one(book(run))

    page = client.post(url("run_attendance", run, run.sessions.get().pk), {f"presence-{row.pk}": "present"})

    assert page.context["error"] == "Die Teilnahme lässt sich erst nach Beginn erfassen."
    assert page.context["lines"] == [(row, "present")]


def test_attendance_makes_people_participants(client: Client, run: Run):
    came, missed, unknown = (one(book(run)) for _number in range(3))
    session = run.sessions.get()
    start = timezone.now() - dt.timedelta(hours=3)
    type(session).objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + dt.timedelta(hours=2))
    Run.objects.filter(pk=run.pk).update(starts_at=start, ends_at=start + dt.timedelta(hours=2))

    data = {f"presence-{came.pk}": "present", f"presence-{missed.pk}": "absent", f"presence-{unknown.pk}": "x"}
    client.post(url("run_attendance", run, session.pk), data)

    assert states(run) == ["attended", "no_show", "confirmed"]


def question_data(**fields: Any) -> dict[str, Any]:
    texts = dict.fromkeys(("label_de", "label_en", "purpose_de", "purpose_en"), "Was?")
    return {
        **{f"q-0-{name}": value for name, value in {**texts, "stage": "apply", "type": "text", **fields}.items()},
        "q-0-retention_days": "14",
        "q-TOTAL_FORMS": "1",
        "q-INITIAL_FORMS": "1" if "id" in fields else "0",
    }


def test_question_in_use_is_copied_not_changed(client: Client, run: Run):
    client.post(url("run_questions", run), question_data())
    first = Question.objects.get()
    client.post(url("run_questions", run), question_data(id=first.pk, label_de="Was genau?"))
    first.refresh_from_db()
    assert (first.label_de, FormVersion.objects.count()) == ("Was genau?", 1)
    save_answers(one(book(run)), {first.pk: "Antwort"})

    client.post(url("run_questions", run), question_data(id=first.pk, label_de="Ganz anders"))

    first.refresh_from_db()
    form = current_form(run)
    assert form is not None
    assert (first.label_de, form.version) == ("Was genau?", 2)
    assert [question.label_de for question in form.questions.all()] == ["Ganz anders"]
    assert Answer.objects.get().question == first


def test_sensitive_question_must_be_free_and_late(client: Client, run: Run):
    page = client.post(url("run_questions", run), question_data(sensitive="on", required="on"))

    assert page.status_code == 200
    assert page.context["formset"].forms[0].non_field_errors() == [
        "Eine sensible Frage ist nie Pflicht und wird erst nach der Bestätigung gestellt."
    ]
    assert Question.objects.count() == 0


def test_question_to_choose_from_needs_options_in_both_languages(client: Client, run: Run):
    page = client.post(url("run_questions", run), question_data(type="choice", options_de="a\nb", options_en="a"))

    assert list(page.context["formset"].forms[0].errors) == ["options_en"]


def test_file_for_participants_is_given_and_taken_back(client: Client, run: Run):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("folien.pdf", b"%PDF-1.7 test")
    assert client.post(url("run_materials", run), {"title": "x"}).context["form"].errors == {
        "__all__": ["Wählen Sie ein Dokument oder eine neue Datei."]
    }

    client.post(url("run_materials", run), {"file": file, "title": "Folien"})

    material = run.materials.get()
    assert material.document.title == "Folien"
    client.post(url("run_materials", run), {"remove": material.pk})
    assert run.materials.count() == 0


def test_online_access_is_written_and_removed(client: Client, run: Run):
    address = url("run_online", run, run.sessions.get().pk)

    client.post(address, {"join_url": "https://meet.example/x", "visible_hours_before": "24"})
    assert OnlineAccess.objects.get().join_url == "https://meet.example/x"
    client.post(address, {"join_url": "", "visible_hours_before": "24"})

    assert OnlineAccess.objects.count() == 0


# --- mail ------------------------------------------------------------------------------------------------------------


def letter(**fields: Any) -> dict[str, Any]:
    return {
        "key": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "states": ["confirmed"],
        "subject": "Hinweis *zum* Raum",
        "text": "Bitte Raum 5.\nMehr: https://kgi.example/raum_5.",
        **fields,
    }


def bulk_mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="registration.bulk").order_by("pk"))


def test_mail_goes_to_one_state_once_a_person(client: Client, run: Run, organiser: Any):
    first = book(run, email="a@example.org")
    book(run, email="b@example.org", confirm=False)

    preview = client.post(url("run_mail", run), letter(step="preview"))
    assert bulk_mails() == []
    assert [row.contact_email for row in preview.context["preview"]["recipients"]] == ["a@example.org"]
    assert "Bitte Raum 5." in preview.context["preview"]["mails"][0][1].text
    for _click in range(2):
        client.post(url("run_mail", run), letter(step="send"))

    assert [message.to for message in bulk_mails()] == ["a@example.org"]
    pump.tick()
    message = bulk_mails()[0]
    assert (message.state, message.subject) == ("sent", "Hinweis *zum* Raum")
    assert "Bitte Raum 5.\nMehr: https://kgi.example/raum_5." in message.body
    assert message.payload["reply_to"] == organiser.email
    assert first.registrations.get().name in message.body


def test_mail_in_english_goes_to_who_reads_english(client: Client, run: Run):
    book(run, email="a@example.org")
    book(run, email="b@example.org", locale="en")

    client.post(url("run_mail", run), letter(step="send", subject_en="Room", text_en="Room 5, please."))

    assert [(message.to, message.payload["subject"]) for message in bulk_mails()] == [
        ("a@example.org", "Hinweis *zum* Raum"),
        ("b@example.org", "Room"),
    ]


def test_test_mail_goes_to_the_organiser_alone(client: Client, run: Run, organiser: Any):
    book(run, email="a@example.org")

    client.post(url("run_mail", run), letter(step="test"))

    assert [message.to for message in bulk_mails()] == [organiser.email]
    pump.tick()
    assert bulk_mails()[0].subject == "[Test] Hinweis *zum* Raum"


def test_mail_is_not_sent_to_who_has_cancelled_meanwhile(client: Client, run: Run):
    booking = book(run)
    client.post(url("run_mail", run), letter(step="send"))
    changing.cancel(list(booking.registrations.all()))

    pump.tick()

    assert [message.state for message in bulk_mails()] == ["superseded"]


def test_mail_without_text_is_refused(client: Client, run: Run):
    book(run)

    page = client.post(url("run_mail", run), letter(text=" ", step="send"))

    assert (list(page.context["form"].errors), bulk_mails()) == (["text"], [])


def test_address_in_a_mail_becomes_a_link_and_nothing_else_markup():
    from trainings.bulk_mail import marked

    assert marked("*Hallo* [x](javascript:1)\nhttps://a.example/b_c.\n\nEnde") == (
        "\\*Hallo\\* \\[x\\]\\(javascript:1\\)\\\n<https://a.example/b_c>\\.\n\nEnde"
    )


# --- statistics ------------------------------------------------------------------------------------------------------


def test_statistics_stay_when_people_are_deleted(client: Client, run: Run):
    from trainings.services.closing import write_stats

    place = make_municipality(state="SN")
    for _number in range(3):
        book(run, municipality_id=place.pk)
    book(run, municipality_id=make_municipality(state="BY").pk)
    before = client.get(reverse("run_statistics")).context["years"]
    write_stats(run)
    Registration.objects.filter(run=run).update(
        name="", email="", email_norm="", function="", note="", anonymised_at=timezone.now()
    )

    after = client.get(reverse("run_statistics")).context["years"]

    assert [(number, lands) for number, _year, lands, _sizes in after] == [
        (run.first_day.year, [("Sachsen", 3), ("Übrige", 1)])  # type: ignore[union-attr]  # the run has a date
    ]
    assert [line[2:] for line in before] == [line[2:] for line in after]
    assert b"Sachsen" in client.post(reverse("run_statistics"), {"format": "csv"}).content


def test_reasons_fit_into_their_column():
    assert max(len(code) for code in RemoveReason.values) <= 30
    assert {field.name for field in Run._meta.fields} >= editing.PLACE


def test_reserve_list_of_a_later_release_goes_on_behind_the_first(run: Run):
    Run.objects.filter(pk=run.pk).update(admission="application")
    Pool.objects.filter(run=run).update(capacity=0)
    first, second, third = (one(book(run)) for _number in range(3))
    for rows in ([first, second], [third]):
        selecting.decide(run.pk, {row.pk: "reserve" for row in rows}, actor=None)
        selecting.release(run.pk, actor=None)

    ranks = Registration.objects.filter(run=run).order_by("pk").values_list("priority", flat=True)
    assert list(ranks) == [1, 2, 3]
    third.refresh_from_db()
    assert third.position == 3


def test_address_of_a_session_is_encrypted_in_the_database(client: Client, run: Run, settings):
    session = run.sessions.get()
    client.post(
        url("run_online", run, session.pk), {"join_url": "https://meet.example/x", "visible_hours_before": "24"}
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT join_url FROM trainings_onlineaccess")
        stored = cursor.fetchone()[0]
    assert "meet" not in stored
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key " * 6
    assert OnlineAccess.objects.get().join_url == "https://meet.example/x"
    settings.SECRET_KEY_FALLBACKS = []
    assert OnlineAccess.objects.get().join_url == ""
