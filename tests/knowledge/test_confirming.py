"""The yearly confirmation: asked, reminded twice, off the map; one click brings a profile back, a GET never does."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from cms.outbox import pump
from cms.outbox.models import MessageState, OutboxMessage
from cms.outbox.services import send_again
from cms.privacy.services import erase_person, export_person
from knowledge import profile_links
from knowledge.models import ProfileCare
from knowledge.services import confirming
from tests.factories import pages as make
from tests.factories.staff import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
START = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
OWNER = "owner@town.example"


@pytest.fixture
def tree() -> make.Tree:
    return make.make_tree()


@pytest.fixture
def row(tree: make.Tree) -> ProfileCare:
    """The care for one centre, confirmed at the start."""
    page = make.make_centre(tree, title="Beratung Nord", email="")
    row = ProfileCare.objects.get(profile_key=page.translation_key)
    ProfileCare.objects.filter(pk=row.pk).update(owner_email=OWNER, confirmed_on=START.date())
    row.refresh_from_db()
    return row


def after(days: int) -> Any:
    return time_machine.travel(START + dt.timedelta(days=days), tick=False)


def day(number: int, *, sends: bool = True) -> list[str]:
    """Let the clock and the mail run on a day; return the subjects of what left."""
    with after(number):
        mail.outbox.clear()
        confirming.tick()
        confirming.tick()
        if sends:
            pump.tick()
        return [str(message.subject) for message in mail.outbox]


def path(row: ProfileCare, language: str = "de") -> str:
    return "/" + profile_links.url(row, language).split("/", 3)[3]


def test_a_year_of_silence_asks_reminds_twice_and_leaves(client: Client, tree: make.Tree, row: ProfileCare) -> None:
    found = {number: day(number) for number in (364, 365, 400, 456, 470, 517, 530, 547, 548, 900)}

    assert {number: subjects for number, subjects in found.items() if subjects} == {
        365: ["Beratung Nord: Stimmt noch alles?"],
        456: ["Erinnerung: Stimmt bei Beratung Nord noch alles?"],
        517: ["Letzte Erinnerung: Beratung Nord verlässt bald die Karte"],
    }
    row.refresh_from_db()
    assert row.left_on == (START + dt.timedelta(days=548)).date()
    page = confirming.page_for(row, "de")
    assert "Beratung Nord" not in client.get(tree.centres.url).content.decode().split("<main")[1]
    assert "Seit dem 24.\u00a0November 2026 hat niemand diese Seite bestätigt" in client.get(page.url).content.decode()


def test_nobody_leaves_the_map_while_mail_is_down(row: ProfileCare) -> None:
    for number in (365, 456, 517, 548, 900):
        day(number, sends=False)

    row.refresh_from_db()
    assert (row.letters, row.letter_on, row.left_on) == (1, None, None)
    assert OutboxMessage.objects.filter(kind=confirming.ASK).count() == 1


def test_late_letters_keep_their_distance(row: ProfileCare) -> None:
    numbers, promised = [], []
    for number in range(1000, 1080):
        if day(number):
            numbers.append(number)
            promised += re.findall(r"nach dem (.*?) Karte", str(mail.outbox[0].body))

    assert numbers == [1000, 1028, 1056]
    assert promised == ["29.\u00a0Oktober 2029", "29.\u00a0Oktober 2029"]
    row.refresh_from_db()
    assert row.left_on == (START + dt.timedelta(days=1070)).date()


def test_letter_that_failed_is_told_to_editors_and_can_be_sent_again(row: ProfileCare) -> None:
    day(365, sends=False)
    message = OutboxMessage.objects.get(kind=confirming.ASK)

    confirming.note_failed(message.subject_id, 1)
    OutboxMessage.objects.update(state=MessageState.FAILED)
    day(900)

    row.refresh_from_db()
    assert (row.has_mail_problem, row.left_on) == (True, None)
    with after(901):
        send_again(OutboxMessage.objects.get())
        pump.tick()
    row.refresh_from_db()
    assert (row.has_mail_problem, row.letter_on) == (False, (START + dt.timedelta(days=901)).date())


def test_get_shows_and_post_confirms_in_both_languages(client: Client, row: ProfileCare) -> None:
    make.translate(confirming.page_for(row, "de"), title="Advice North")
    ProfileCare.objects.update(letters=3, left_on=START.date())

    shown = {language: client.get(path(row, language)).content.decode() for language in ("de", "en")}
    row.refresh_from_db()

    assert "Stimmt noch alles?" in shown["de"]
    assert "Is everything still right?" in shown["en"]
    assert row.left_on is not None
    answer = client.post(path(row, "en"), {"answer": "right"})
    assert answer.headers["Location"] == f"{path(row, 'en')}?done=confirmed"
    client.post(path(row), {"answer": "right"})
    row.refresh_from_db()
    assert (row.confirmed_on, row.left_on, row.letters) == (timezone.localdate(), None, 0)


def test_confirmed_profile_is_back_on_the_map_and_its_letter_stays_home(client: Client, tree: Any, row: Any) -> None:
    day(365, sends=False)
    ProfileCare.objects.update(left_on=START.date())

    client.post(path(row), {"answer": "right"})
    pump.tick()

    assert mail.outbox == []
    assert "Beratung Nord" in client.get(tree.centres.url).content.decode()


def test_what_has_changed_goes_to_the_editors(client: Client, row: ProfileCare) -> None:
    empty = client.post(path(row), {"answer": "changed", "change": " "})
    for _twice in range(2):
        client.post(path(row), {"answer": "changed", "change": "Neue Zeiten: [x](http://evil.example)\n# Mo"})
    pump.tick()

    assert empty.status_code == 422
    assert "Bitte schreiben Sie, was sich geändert hat" in empty.content.decode()
    assert [message.subject for message in mail.outbox] == ["Es hat sich etwas geändert: Beratung Nord"]
    body = mail.outbox[0]
    assert "Neue Zeiten: [x](http://evil.example)" in body.body
    assert 'href="http://evil.example"' not in str(body.alternatives[0][0])  # type: ignore[attr-defined]
    row.refresh_from_db()
    assert (row.change_wanted_on, row.confirmed_on) == (timezone.localdate(), START.date())


@pytest.mark.parametrize("change", ["forged", "version", "unknown", "~", "x" * 300])
def test_wrong_links_get_one_neutral_page(client: Client, row: ProfileCare, change: str) -> None:
    good = path(row)
    if change == "version":
        confirming.change_owner(row, email="new@town.example", language="de")
    elif change == "unknown":
        row.delete()
    wrong = (
        good
        if change in ("version", "unknown")
        else good[:-2] + "x/"
        if change == "forged"
        else f"/de/profil/{change}/"
    )

    for answer in (client.get(wrong), client.post(wrong, {"answer": "right"})):
        assert answer.status_code == 404
        assert "Dieser Link gilt nicht mehr" in answer.content.decode()
        assert "Beratung Nord" not in answer.content.decode().split("<main")[1].split("</main")[0]
    assert not ProfileCare.objects.filter(confirmed_on=timezone.localdate()).exclude(confirmed_on=START.date()).exists()


def test_page_of_the_link_is_kept_by_nobody(client: Client, row: ProfileCare) -> None:
    answer = client.get(path(row))

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert OWNER not in answer.content.decode()


def test_expired_csrf_keeps_what_was_typed(row: ProfileCare) -> None:
    answer = Client(enforce_csrf_checks=True).post(path(row), {"answer": "changed", "change": "Neue Zeiten"})

    assert answer.status_code == 403
    assert "Neue Zeiten" in answer.content.decode()


def test_owner_is_never_in_pages_search_or_revisions(client: Client, tree: make.Tree, row: ProfileCare) -> None:
    page = confirming.page_for(row, "de")
    for address in (page.url, tree.centres.url, "/de/suche/?q=owner", "/sitemap.xml"):
        assert OWNER not in client.get(address).content.decode()
    assert OWNER not in str(page.latest_revision.content)


def test_without_owner_the_centre_or_the_contact_with_consent_is_asked(tree: make.Tree) -> None:
    person, silent = make.make_person(email="kim@town.example"), make.make_person(email="s@x.example", consent_on=None)
    pages = [
        make.make_centre(tree, email="office@town.example"),
        make.make_profile(tree, contact=person),
        make.make_profile(tree, contact=silent),
        make.make_profile(tree),
    ]
    rows = [ProfileCare.objects.get(profile_key=page.translation_key) for page in pages]

    assert [confirming.address_of(row) for row in rows] == ["office@town.example", "kim@town.example", "", ""]
    assert confirming.usual_addresses() == {
        pages[0].translation_key: "office@town.example",
        pages[1].translation_key: "kim@town.example",
    }


def test_row_goes_with_its_page_and_waits_while_it_is_offline(row: ProfileCare) -> None:
    page = confirming.page_for(row, "de")
    day(365, sends=False)
    page.unpublish()
    assert day(366) == []
    page.save_revision().publish()
    assert day(367) == ["Beratung Nord: Stimmt noch alles?"]

    page.delete()
    day(368)

    assert not ProfileCare.objects.filter(pk=row.pk).exists()


def test_report_names_what_needs_somebody_and_confirms_by_hand(client: Client, tree: Any, row: ProfileCare) -> None:
    ProfileCare.objects.filter(pk=row.pk).update(left_on=START.date())
    make.make_profile(tree, municipality=make.make_municipality(name="Ohnemail"))
    client.force_login(make_staff("editor"))

    html = client.get("/admin/profiles/").content.decode()
    client.post(f"/admin/profiles/{row.pk}/confirm/")

    assert html.index("Beratung Nord") < html.index("Ohnemail")
    assert OWNER in html
    row.refresh_from_db()
    assert (row.left_on, row.confirmed_on) == (None, timezone.localdate())
    assert f'/admin/profiles/{row.pk}/"' not in client.get("/admin/profiles/?state=nobody").content.decode()


@pytest.mark.parametrize(
    ("role", "may"), [("chief", True), ("editor", True), ("approver", True), ("centre", False), ("translator", False)]
)
def test_only_editors_see_owners(client: Client, row: ProfileCare, role: str, may: bool) -> None:
    client.force_login(make_staff(role))

    answers = [client.get("/admin/profiles/"), client.get(f"/admin/profiles/{row.pk}/")]
    answers.append(client.post(f"/admin/profiles/{row.pk}/confirm/"))

    assert [answer.status_code in (200, 302) and OWNER in answer.content.decode() for answer in answers[:2]] == [
        may
    ] * 2
    row.refresh_from_db()
    assert (row.confirmed_on == timezone.localdate()) is may


def test_person_is_found_and_erased(row: ProfileCare) -> None:
    assert export_person(OWNER)["knowledge"] == [
        {"kind": "owner of a profile", "profile": "Beratung Nord", "email": OWNER}
    ]

    erase_person(OWNER)

    row.refresh_from_db()
    assert row.owner_email == ""
