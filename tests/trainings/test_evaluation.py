"""After the run: anonymous answers, contacts of those who agreed, files for those who came, all bookings of an address."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import translation

from cms.models import CustomDocument
from tests.factories import pages as make
from tests.factories.registrations import book, make_bare_run, one
from tests.trainings.test_papers import address, attended, over, typed
from trainings import evaluating, links
from trainings.models import (
    Booking,
    EvaluationResponse,
    EvaluationToken,
    FormVersion,
    Question,
    Registration,
    RunMaterial,
)
from trainings.services import changing, closing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
GOOD = {"answer-content": "5", "answer-change": "Mehr Zeit für Fälle"}


@pytest.fixture
def seat() -> Registration:
    """Return somebody who took part and was asked."""
    seat = attended(make_bare_run())
    closing.invite_to_evaluate(seat.run)
    return seat


def crowd(count: int) -> list[Registration]:
    """Return people who took part in one run and were asked."""
    run = make_bare_run()
    seats = [one(book(run)) for _number in range(count)]
    session = over(run).sessions.get()
    closing.record_attendance(run.pk, {(seat.pk, session.pk): "present" for seat in seats}, actor=None)
    closing.invite_to_evaluate(run)
    return list(Registration.objects.filter(run=run).select_related("booking", "run", "run__offer").order_by("pk"))


def test_answers_are_stored_once_and_lead_back_to_nobody(client: Client, seat: Registration):
    url = address(seat, "manage_evaluation", seat.pk)
    assert "Ich habe Neues gelernt." in client.get(url).content.decode()

    answer = client.post(url, typed(**GOOD))
    client.post(url, typed(**{"answer-content": "1"}))

    assert answer.headers["Location"] == address(seat, "manage") + "?done=evaluated"
    response = EvaluationResponse.objects.get()
    assert response.answers == {"content": 5, "change": "Mehr Zeit für Fälle"}
    related = {field.name for field in EvaluationResponse._meta.get_fields()}
    assert related == {"id", "run", "form", "answers", "day"}
    assert "Ein paar Fragen" not in client.get(address(seat, "manage")).content.decode()


def test_an_empty_form_uses_nothing_up(client: Client, seat: Registration):
    html = client.post(address(seat, "manage_evaluation", seat.pk), typed()).content.decode()

    assert "Bitte beantworten Sie mindestens eine Frage." in html
    assert not EvaluationToken.objects.get().is_used


@pytest.mark.parametrize("value", ["0", "6", "x"])
def test_marks_are_from_one_to_five(client: Client, seat: Registration, value: str):
    client.post(address(seat, "manage_evaluation", seat.pk), typed(**{"answer-content": value}))

    assert not EvaluationResponse.objects.exists()


def test_own_questions_of_the_run_take_the_place_of_the_usual_ones(client: Client, seat: Registration):
    form = FormVersion.objects.create(run=seat.run)
    texts: dict[str, Any] = {"label_de": "War es warm?", "label_en": "Was it warm?", "purpose_de": "", "purpose_en": ""}
    question = Question.objects.create(form=form, stage="evaluation", type="yes_no", **texts)
    url = address(seat, "manage_evaluation", seat.pk)

    html = client.get(url).content.decode()
    client.post(url, typed(**{f"answer-{question.pk}": "no"}))

    assert ("War es warm?" in html, "Ich habe Neues gelernt." in html) == (True, False)
    assert EvaluationResponse.objects.get().answers == {str(question.pk): False}


def test_nobody_answers_for_somebody_with_an_own_address(client: Client):
    run = make_bare_run()
    booking = book(run, "Ada", "Bo")
    session = over(run).sessions.get()
    seats = list(booking.registrations.order_by("pk"))
    closing.record_attendance(run.pk, {(seat.pk, session.pk): "present" for seat in seats}, actor=None)
    closing.invite_to_evaluate(run)

    url = links.url("manage_evaluation", links.token(booking), str(seats[0].pk), language="de")

    assert client.get(url.removeprefix("https://kgi.example")).status_code == 404


def test_results_come_together_from_three_answers_on(admin_client: Client):
    seats = crowd(4)
    url = f"/admin/runs/{seats[0].run_id}/evaluation/"
    tokens = list(EvaluationToken.objects.order_by("pk"))
    for mark, token in zip((5, 4), tokens, strict=False):
        closing.evaluate(token, {"content": mark, "change": f"Geheim {mark}"})
    two = admin_client.get(url).content.decode()

    closing.evaluate(tokens[2], {"content": 3})

    with translation.override("de"):
        found = evaluating.results(seats[0].run, invited=4)
    assert "Geheim" not in two
    content, change = found.questions
    assert (content.average, content.count) == (4.0, 3)
    assert content.shares == [("1", 0, 0), ("2", 0, 0), ("3", 1, 33), ("4", 1, 33), ("5", 1, 33)]
    assert (change.count, change.is_shown, change.texts) == (2, False, [])
    assert "Geheim" not in admin_client.get(url).content.decode()


def test_contacts_are_seen_by_those_who_are_on_the_list_themselves(client: Client):
    first, second, third = crowd(3)
    for seat in (first, second):
        closing.share_contact(seat, is_shared=True)

    sees, hidden = (client.get(address(seat, "manage")).content.decode() for seat in (first, third))

    assert [second.email in sees, third.email in sees] == [True, False]
    assert [first.email in hidden, second.email in hidden] == [False, False]
    client.post(address(second, "manage_share", second.pk), {"share": "no"})
    assert second.email not in client.get(address(first, "manage")).content.decode()
    assert client.post(address(first, "manage_share", third.pk), {"share": "yes"}).status_code == 404


@pytest.fixture
def slides(seat: Registration) -> RunMaterial:
    document = CustomDocument(title="Folien")
    document.file.save("folien.pdf", ContentFile(b"%PDF-1.4 slides"))
    document.save()
    return RunMaterial.objects.create(run=seat.run, document=document)


def test_files_of_a_run_are_for_those_who_came(client: Client, admin_client: Client, seat, slides):
    visitor = Client()
    assert "Folien" in visitor.get(address(seat, "manage")).content.decode()

    own: Any = visitor.get(address(seat, "manage_material", slides.pk))

    assert b"".join(own.streaming_content) == b"%PDF-1.4 slides"
    assert own.headers["Cache-Control"] == "private, no-store"
    assert visitor.get(slides.document.url).status_code == 404
    assert admin_client.get(slides.document.url).status_code == 200


def test_files_of_a_run_are_closed_for_those_who_only_registered(client: Client, slides):
    waiting = one(book(make_bare_run()))

    assert client.get(address(waiting, "manage_material", slides.pk)).status_code == 404


def test_a_file_that_is_published_elsewhere_stays_public(client: Client, slides):
    make.make_material(make.make_tree(), files=[{"type": "file", "value": slides.document.pk}], link_url="")

    assert client.get(slides.document.url).status_code == 200


def test_all_bookings_of_an_address_and_of_no_other_are_on_one_page(client: Client):
    mine = [book(make_bare_run(), email="amt@example.org") for _number in range(2)]
    other = book(make_bare_run(), email="fremd@example.org")
    url = links.url("my_bookings", links.token_of_all(mine[0]), language="de").removeprefix("https://kgi.example")

    html = client.get(url).content.decode()

    assert [booking.run.number in html for booking in (*mine, other)] == [True, True, False]
    assert "amt@example.org" not in url
    changing.send_new_links("amt@example.org")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("text", ["x", "b.1~y~z"])
def test_forged_link_to_all_bookings_is_unknown(client: Client, text: str):
    assert client.get(f"/de/meine-anmeldungen/{text}/").status_code == 404
    own = links.token(book(make_bare_run()))
    assert client.get(f"/de/meine-anmeldungen/{own}/").status_code == 404
    assert Booking.objects.count() == 1
