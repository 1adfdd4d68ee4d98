"""The pages of registration as visitors use them: both languages, errors that keep what was typed, links that are safe."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from cms.outbox import kinds, transport
from cms.outbox.models import OutboxMessage
from cms.public_forms import Start
from tests.factories import pages as make
from tests.factories.registrations import book, one
from trainings import clocks, links
from trainings.models import Booking, Pool, Question, Registration, Run
from trainings.models.questions import FormVersion
from trainings.services import changing, interests
from trainings.services.texts import ensure_consent_texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
GERMAN, ENGLISH = "/de/anmelden", "/en/register"


@pytest.fixture
def run() -> Run:
    tree = make.make_tree()
    page = make.make_training(tree)
    make.translate(page, title="Application workshop")
    return make.make_run(page, seats=2)


def start() -> str:
    opened = Start.now()
    return Start(opened.id, opened.opened_at - 60).text


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "start": start(),
        "name": "Jo Beispiel",
        "email": "jo@example.org",
        "function": "Jugendpflege",
        "organisation": "Jugendamt Muster",
        "municipality": "Musterhausen",
        "consent": "on",
        **fields,
    }


def test_visitor_registers_and_confirms(client: Client, run: Run):
    form = client.get(f"{GERMAN}/{run.number}/")
    assert form.status_code == 200
    assert form.headers["Cache-Control"] == "private, no-store"

    answer = client.post(f"{GERMAN}/{run.number}/", typed())

    assert answer.headers["Location"] == f"{GERMAN}/{run.number}/gesendet/"
    booking = Booking.objects.get()
    assert (booking.municipality_text, booking.locale) == ("Musterhausen", "de")
    manage = links.manage_url(booking, language="de").removeprefix("https://kgi.example")
    page = client.get(manage)
    assert "Ja, ich bestätige" in page.content.decode()
    assert one(booking).state == "unverified"
    answer = client.post(re.sub(r"$", "bestaetigen/", manage))
    assert answer.status_code == 302
    assert one(booking).state == "confirmed"


def test_english_form_writes_an_english_booking(client: Client, run: Run):
    client.post(f"{ENGLISH}/{run.number}/", typed())

    assert Booking.objects.get().locale == "en"
    assert "Application workshop" in client.get(f"{ENGLISH}/{run.number}/sent/").content.decode()


@pytest.mark.parametrize(
    ("fields", "anchor", "sentence"),
    [
        ({"name": ""}, "id_name", "Bitte füllen Sie „Ihr Name“ aus."),
        ({"email": "jo@"}, "id_email", "Bitte gültige E-Mail-Adresse eingeben."),
        ({"consent": ""}, "id_consent", "Ohne diese Einwilligung können wir Sie nicht anmelden."),
        ({"name": "x" * 161}, "id_name", "Bitte sicherstellen, dass der Wert aus höchstens 160 Zeichen besteht."),
    ],
)
def test_a_mistake_is_told_at_the_field_and_on_top_and_nothing_is_lost(client, run, fields, anchor, sentence):
    answer = client.post(f"{GERMAN}/{run.number}/", typed(**fields))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'<a href="#{anchor}">{sentence}' in html
    assert f'id="{anchor}-error"' in html
    assert 'value="Jugendamt Muster"' in html
    assert "<title>Fehler: " in html
    assert Booking.objects.count() == 0


@pytest.mark.parametrize(
    "fields", [{"website": "http://spam"}, {"start": ""}, {"start": "forged"}, {"start": Start.now().text}]
)
def test_programs_get_the_filled_form_back(client, run, fields):
    if fields.get("start", "x") not in ("", "forged", "x"):
        fields = {"start": Start.now().text}

    html = client.post(f"{GERMAN}/{run.number}/", typed(**fields)).content.decode()

    assert 'class="error-summary"' in html
    assert 'value="Jugendamt Muster"' in html
    assert Booking.objects.count() == 0


def test_a_lost_cookie_keeps_everything_typed(run):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(f"{GERMAN}/{run.number}/", typed())

    assert answer.status_code == 200
    assert "noch einmal" in answer.content.decode()
    assert 'value="Jugendamt Muster"' in answer.content.decode()
    assert Booking.objects.count() == 0
    token = strict.cookies["csrftoken"].value
    strict.post(f"{GERMAN}/{run.number}/", typed(csrfmiddlewaretoken=token))
    assert Booking.objects.count() == 1


def test_a_double_click_is_one_booking(client, run):
    data = typed()
    for _click in range(2):
        assert client.post(f"{GERMAN}/{run.number}/", data).status_code == 302

    assert Booking.objects.count() == 1


def test_nobody_learns_who_is_registered(client, run):
    book(run, email="jo@example.org")

    answer = client.post(f"{GERMAN}/{run.number}/", typed())
    other = client.post(f"{GERMAN}/{run.number}/", typed(email="other@example.org"))

    assert (answer.status_code, answer.headers["Location"]) == (other.status_code, other.headers["Location"])
    assert Booking.objects.filter(email_norm="jo@example.org").count() == 1


def test_names_that_occur_twice_are_asked_for(client, run):
    here = make.make_municipality(name="Neustadt", county="Landkreis Eins")
    make.make_municipality(name="Neustadt", county="Landkreis Zwei")

    html = client.post(f"{GERMAN}/{run.number}/", typed(municipality="Neustadt")).content.decode()
    assert "Landkreis Eins" in html
    assert Booking.objects.count() == 0
    client.post(f"{GERMAN}/{run.number}/", typed(municipality="Neustadt", which=str(here.pk)))
    assert Booking.objects.get().municipality == here


def test_a_chosen_suggestion_is_the_row(client, run):
    row = make.make_municipality(name="Kirchdorf", county="Landkreis Drei")
    suggested = client.get("/de/kommunen-vorschlaege/?q=kirchd").json()

    client.post(f"{GERMAN}/{run.number}/", typed(municipality=suggested[0]))

    assert suggested == ["Kirchdorf (Landkreis Drei)"]
    assert Booking.objects.get().municipality == row


def test_a_group_registers_with_names_to_follow(client, run):
    Run.objects.update(names_due=run.starts_at)
    data = typed(seats="2", **{"p0-name": "Ada", "p0-email": "ada@example.org", "p1-name": ""})
    data.pop("function")

    client.post(f"{GERMAN}/{run.number}/", data)

    rows = list(Registration.objects.order_by("pk"))
    assert [(row.name, row.email) for row in rows] == [("Ada", "ada@example.org"), ("", "")]


def test_one_more_person_keeps_the_rows(client, run):
    data = typed(seats="2", more="1", **{"p0-name": "Ada", "p1-name": "Bo"})

    html = client.post(f"{GERMAN}/{run.number}/", data).content.decode()

    assert 'name="p2-name"' in html
    assert 'value="Ada"' in html
    assert 'class="error-summary"' not in html
    assert Booking.objects.count() == 0


def test_the_same_address_twice_in_a_group_is_told(client, run):
    data = typed(seats="2", **{"p0-name": "A", "p0-email": "a@x.de", "p1-name": "B", "p1-email": "A@x.de"})
    del data["function"]

    html = client.post(f"{GERMAN}/{run.number}/", data).content.decode()

    assert "Person 2: Diese Adresse steht oben schon." in html


def test_questions_of_the_run_are_asked_and_answered(client, run):
    form = FormVersion.objects.create(run=run)
    texts = {"label_de": "Was bringen Sie mit?", "label_en": "What do you bring?", "purpose_de": "Zur Planung."}
    question = Question.objects.create(form=form, required=True, purpose_en="To plan.", **texts)

    html = client.post(f"{GERMAN}/{run.number}/", typed()).content.decode()
    assert "Was bringen Sie mit?" in html
    assert Booking.objects.count() == 0
    client.post(f"{GERMAN}/{run.number}/", typed(**{f"question-{question.pk}": "Kekse"}))
    assert Registration.objects.get().answers.get().value == "Kekse"


def test_a_closed_run_says_so_and_takes_nothing(client, run):
    Run.objects.update(closes_at=timezone.now())

    page = client.get(f"{GERMAN}/{run.number}/")
    answer = client.post(f"{GERMAN}/{run.number}/", typed())

    assert "Die Anmeldung ist nicht geöffnet" in page.content.decode()
    assert (page.status_code, answer.status_code) == (200, 410)
    assert Booking.objects.count() == 0


def manage(row, name: str = "manage", *args: Any, language: str = "de") -> str:
    return links.url(name, links.token(row), *args, language=language).removeprefix("https://kgi.example")


def test_opening_every_link_of_a_mail_ten_times_changes_nothing(client, run):
    booking = book(run, confirm=False)
    before = list(Registration.objects.values_list("state", "state_changed_at"))
    with translation.override("de"):
        addresses = [manage(booking), manage(booking, "manage_cancel"), manage(booking, "manage_delete")]
    for _time in range(10):
        for address in addresses:
            assert client.get(address).status_code == 200
            assert client.head(address).status_code == 200

    assert list(Registration.objects.values_list("state", "state_changed_at")) == before
    assert client.get(manage(booking, "manage_confirm")).status_code == 405


@pytest.mark.parametrize("change", ["forged", "older", "anonymised"])
def test_a_bad_link_gets_one_neutral_page(client, run, change):
    booking = book(run)
    address = manage(booking)
    if change == "forged":
        address = address[:-3] + "xx/"
    elif change == "older":
        Booking.objects.update(token_version=2)
    else:
        Booking.objects.update(anonymised_at=timezone.now())

    answer = client.get(address)

    assert answer.status_code == 404
    assert "Dieser Link funktioniert nicht" in answer.content.decode()
    assert "Jo" not in answer.content.decode().split("<main")[1].split("</main>")[0]
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_participant_cannot_touch_a_colleague(client, run):
    booking = book(run, "Ada", "Bossert")
    ada, bo = booking.registrations.order_by("pk")

    answer = client.post(manage(ada, "manage_person", bo.pk), {"start": start(), "name": "Eve", "email": "e@x.de"})

    assert answer.status_code == 404
    bo.refresh_from_db()
    assert bo.name == "Bossert"
    assert "Bossert" not in client.get(manage(ada, "manage_data")).content.decode()


def test_cancelling_needs_a_deliberate_choice_and_can_be_taken_back(client, run):
    booking = book(run)
    address = manage(booking, "manage_cancel")

    client.post(address, {"start": start()})
    assert one(booking).state == "confirmed"
    client.post(address, {"start": start(), "sure": "no"})
    assert one(booking).state == "confirmed"
    client.post(address, {"start": start(), "sure": "yes"})
    assert one(booking).state == "cancelled"
    client.post(manage(booking, "manage_undo", one(booking).pk))
    assert one(booking).state == "confirmed"


def test_an_offer_is_accepted_on_the_page(client, run):
    first = book(run)
    book(run)
    waits = book(run)
    changing.cancel([one(first)])
    assert "Ein Platz ist für Sie frei" in client.get(manage(waits)).content.decode()

    client.post(manage(waits, "manage_accept", one(waits).pk))

    assert one(waits).state == "confirmed"
    answer = client.post(manage(first, "manage_undo", one(first).pk))
    assert answer.status_code == 409
    assert "Der Platz ist an die nächste Person" in answer.content.decode()


def test_my_data_is_complete_and_deleted_on_request(client, run):
    booking = book(run, email="jo@example.org")
    text = client.get(manage(booking, "manage_data_json")).content.decode()
    assert "jo@example.org" in text

    client.post(manage(booking, "manage_delete"), {"start": start(), "sure": "yes"})

    booking.refresh_from_db()
    assert (booking.name, booking.email, one(booking).email) == ("", "", "")
    assert not OutboxMessage.objects.filter(to="jo@example.org").exists()


def test_new_links_end_the_old_ones_and_tell_nobody(client, run):
    booking = book(run, email="jo@example.org")
    old = manage(booking)

    known = client.post("/de/anmeldung/neuer-link/", {"start": start(), "email": "JO@example.org"})
    unknown = client.post("/de/anmeldung/neuer-link/", {"start": start(), "email": "no@example.org"})

    hidden = re.compile(r'(name="csrfmiddlewaretoken" value|action)="[^"]*"')
    assert hidden.sub("", known.content.decode()) == hidden.sub("", unknown.content.decode())
    assert client.get(old).status_code == 404
    assert OutboxMessage.objects.filter(kind="registration.new_links").count() == 1


def test_a_subscribed_calendar_holds_no_address(client, run):
    booking = book(run, email="jo@example.org")

    answer = client.get(manage(booking, "manage_calendar"))

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "jo@example.org" not in answer.content.decode()
    assert "STATUS:CONFIRMED" in answer.content.decode()


def test_interest_needs_a_press_and_can_end(client, run):
    from trainings.models import Interest
    from trainings.services import interests

    ensure_consent_texts()
    key = run.offer.translation_key
    client.post(f"/de/naechster-termin/{key}/", {"start": start(), "email": "i@example.org"})
    row = Interest.objects.get()
    token = interests.token(row)

    client.get(f"/de/naechster-termin/bestaetigen/{token}/")
    assert Interest.objects.get().confirmed_at is None
    client.post(f"/de/naechster-termin/bestaetigen/{token}/")
    assert Interest.objects.get().confirmed_at is not None
    assert [found.pk for found in interests.runs_to_announce()] == [run.pk]
    assert interests.announce(run) == 1
    assert interests.announce(run) == 0
    client.post(f"/de/naechster-termin/beenden/{token}/")
    assert Interest.objects.count() == 0


@pytest.mark.parametrize(
    "address", ["/de/anmelden/gibt-es-nicht/", "/de/anmeldung/%00/", "/de/naechster-termin/bestaetigen/x/"]
)
def test_wrong_addresses_are_not_found(client, run, address):
    assert client.get(address).status_code == 404


def test_who_waited_for_a_date_registers_a_day_before_the_others(client, run):
    opens = timezone.now() + dt.timedelta(hours=30)
    Run.objects.filter(pk=run.pk).update(opens_at=opens, closes_at=None)
    waits = interests.ask(run.offer, email="early@example.org", locale="de")
    interests.confirm(waits)
    clocks.remind()
    assert not OutboxMessage.objects.filter(kind="interest.new_date").exists()

    with time_machine.travel(opens - dt.timedelta(hours=20)):
        clocks.remind()
        clocks.remind()
        message = OutboxMessage.objects.get(kind="interest.new_date")
        mail = transport.render(kinds.find(message.kind), message)
        early = re.search(r"https://kgi\.example(/de/anmelden/\S+/zuerst/\S+/)", mail.text)
        assert early is not None
        assert client.post(f"{GERMAN}/{run.number}/", typed()).status_code == 410
        forged = early[1].replace("~", "~x")
        assert client.post(forged, typed()).status_code == 410
        assert f'action="{early[1]}"' in client.get(early[1]).content.decode()
        assert client.post(early[1], typed(email="early@example.org")).status_code == 302

    assert [row.email for row in Registration.objects.all()] == ["early@example.org"]


@pytest.mark.parametrize(("phone", "taken"), [("030 12 34-56 (App. 7)", True), ("+49 30/123456", True), ("ja", False)])
def test_a_phone_number_can_be_called(client, run, phone, taken):
    html = client.post(f"{GERMAN}/{run.number}/", typed(phone=phone)).content.decode()

    assert Booking.objects.exists() is taken
    assert ("Nennen Sie die Nummer mit Vorwahl, zum Beispiel 030 123456." in html) is not taken


def test_empty_rows_do_not_block_a_run(client, run):
    Run.objects.update(names_due=run.starts_at)
    Pool.objects.update(capacity=500)
    for number in range(3):
        data = typed(seats="20", email=f"someone{number}@example.org")
        data.pop("function")
        html = client.post(f"{GERMAN}/{run.number}/", data).content.decode()

    assert "Sehr viele Plätze ohne Namen" in html
    assert 'value="Jugendamt Muster"' in html
    assert Registration.objects.count() == 40
