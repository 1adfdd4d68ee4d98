"""The Infobrief in the admin: who may do what, and that only POST changes anything."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.outbox.models import OutboxMessage
from cms.privacy.models import AuditEntry
from home.newsletter import viewed
from home.newsletter.models import BlockedAddress, IssueViews, Mailing, Subscriber
from home.newsletter.services import sending
from home.newsletter.wagtail_hooks import urls
from tests.factories.newsletter import make_both, make_mailing, make_reader, make_running_mailing
from tests.factories.staff import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
ROLES = ("chief", "editor", "sender", "data_protection", "organiser")
WRITERS = {"chief", "editor", "sender"}
SENDERS = {"chief", "sender"}
READERS = {"chief", "sender", "data_protection"}
PAGES: dict[str, tuple[str, set[str]]] = {
    "infobrief_mailings": ("get", WRITERS),
    "infobrief_issue": ("post", WRITERS),
    "infobrief_mailing": ("get", WRITERS),
    "infobrief_numbers": ("get", WRITERS),
    "infobrief_content": ("get", WRITERS),
    "infobrief_schedule": ("post", SENDERS),
    "infobrief_segment": ("post", WRITERS),
    "infobrief_test": ("post", WRITERS),
    "infobrief_act": ("post", SENDERS),
    "infobrief_readers": ("get", READERS),
    "infobrief_reader": ("get", READERS),
    "infobrief_reader_act": ("post", READERS),
    "infobrief_reader_export": ("post", READERS),
    "infobrief_statistics": ("get", WRITERS),
}


def address(name: str, mailing: Mailing, reader: Subscriber) -> str:
    if "reader" in name:
        return reverse(name, args=[reader.pk] if name != "infobrief_readers" else [])
    if name in ("infobrief_mailings", "infobrief_statistics"):
        return reverse(name)
    return reverse(name, args=[mailing.page_id if name == "infobrief_issue" else mailing.pk])


def test_the_table_names_every_address() -> None:
    assert {pattern.name for pattern in urls()} == set(PAGES)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_is_its_own_and_nothing_else(client: Client, role: str) -> None:
    reader, mailing = make_reader(email="geheim@example.org"), make_mailing(started=False)
    client.force_login(make_staff(role))

    opened, leaked = set(), set()
    for name, (method, _who) in PAGES.items():
        Mailing.objects.update(state="draft", scheduled_for=None)
        answer = getattr(client, method)(address(name, mailing, reader))
        if answer.status_code == 200 or (answer.status_code == 302 and answer.url.startswith("/admin/infobrief")):
            opened.add(name)
        if answer.status_code == 403 and b"geheim" in answer.content:
            leaked.add(name)

    assert opened == {name for name, (_method, who) in PAGES.items() if role in who}
    assert leaked == set()


def test_an_editor_sees_no_address_of_a_reader(client: Client) -> None:
    make_reader(email="geheim@example.org")
    mailing = make_mailing()
    client.force_login(make_staff("editor"))

    for name in (
        "infobrief_mailings",
        "infobrief_mailing",
        "infobrief_numbers",
        "infobrief_content",
        "infobrief_statistics",
    ):
        assert "geheim" not in client.get(address(name, mailing, Subscriber())).content.decode(), name


def test_get_changes_nothing(client: Client) -> None:
    reader, mailing = make_reader(), make_mailing(started=False)
    client.force_login(make_staff("chief"))
    before = (list(Mailing.objects.values()), list(Subscriber.objects.values()), OutboxMessage.objects.count())

    statuses = {name: client.get(address(name, mailing, reader)).status_code for name in PAGES}

    assert before == (list(Mailing.objects.values()), list(Subscriber.objects.values()), OutboxMessage.objects.count())
    posts = {name for name, (method, _who) in PAGES.items() if method == "post"} - {"infobrief_issue"}
    assert {name for name, status in statuses.items() if status == 405} == posts


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make_staff("chief"))
    return client


def test_the_whole_way_from_issue_to_done(chief: Client) -> None:
    make_reader()
    page, _english = make_both()

    answer = chief.post(reverse("infobrief_issue", args=[page.pk]), follow=True)
    mailing = Mailing.objects.get(page=page)
    shown = answer.content.decode()
    scheduled = chief.post(reverse("infobrief_schedule", args=[mailing.pk]), {"at": ""}, follow=True).content.decode()
    sending.tick()
    numbers = chief.get(reverse("infobrief_numbers", args=[mailing.pk])).content.decode()
    chief.post(reverse("infobrief_act", args=[mailing.pk]), {"action": "pause"})
    paused = Mailing.objects.get(pk=mailing.pk).state
    chief.post(reverse("infobrief_act", args=[mailing.pk]), {"action": "cancel"})

    assert Mailing.objects.count() == 2
    assert "Nichts: Die Ausgabe kann hinaus." in shown
    assert "Die Aussendung beginnt zum gewählten Zeitpunkt." in scheduled
    assert "data-running" in numbers
    assert (paused, Mailing.objects.get(pk=mailing.pk).state) == ("paused", "cancelled")
    made = AuditEntry.objects.filter(subject_kind="newsletter.mailing", subject_id=str(mailing.pk)).order_by("pk")
    assert [entry.action.removeprefix("mailing_") for entry in made] == [
        "made",
        "scheduled",
        "started",
        "paused",
        "cancelled",
    ]


def test_every_problem_is_shown_and_keeps_the_mailing_back(chief: Client) -> None:
    page, _english = make_both(subject="")
    mailing = make_mailing(page, started=False)

    answer = chief.post(reverse("infobrief_schedule", args=[mailing.pk]), {"at": ""}, follow=True).content.decode()

    assert "Die Mail hat keinen Betreff." in answer
    assert "Niemand würde diese Aussendung erhalten" in answer
    assert Mailing.objects.get(pk=mailing.pk).state == "draft"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("infobrief_schedule", {"at": "2020-01-01 10:00"}, "Dieser Zeitpunkt ist vorbei."),
        ("infobrief_schedule", {"at": "morgen früh"}, "Bitte ein gültiges Datum"),
        ("infobrief_test", {"addresses": "kein@"}, "gültige E-Mail"),
        (
            "infobrief_test",
            {"addresses": "\n".join(f"a{n}@example.org" for n in range(11))},
            "Höchstens zehn Adressen.",
        ),
        ("infobrief_act", {"action": "explode"}, ""),
    ],
)
def test_nonsense_is_told_and_changes_nothing(chief: Client, name: str, data: dict[str, str], words: str) -> None:
    mailing = make_mailing(started=False)

    answer = chief.post(reverse(name, args=[mailing.pk]), data, follow=True)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert (Mailing.objects.get(pk=mailing.pk).state, OutboxMessage.objects.count()) == ("draft", 0)


def test_a_test_goes_to_the_named_addresses(chief: Client) -> None:
    mailing = make_mailing(started=False)

    chief.post(reverse("infobrief_test", args=[mailing.pk]), {"addresses": "a@example.org, b@example.org", "key": "k"})

    assert sorted(OutboxMessage.objects.values_list("kind", "to")) == [
        ("infobrief.test", "a@example.org"),
        ("infobrief.test", "b@example.org"),
    ]


def test_readers_are_found_by_post_and_shown_with_their_proof(chief: Client) -> None:
    row, _other = make_reader(email="ada@example.org"), make_reader(email="grace@example.org")

    listed = chief.post(reverse("infobrief_readers"), {"q": "ADA"}).content.decode()
    filtered = chief.get(reverse("infobrief_readers"), {"state": "blocked"}).content.decode()
    shown = chief.get(reverse("infobrief_reader", args=[row.pk])).content.decode()
    proof = chief.post(reverse("infobrief_reader_export", args=[row.pk])).json()

    assert ("ada@example.org" in listed, "grace@example.org" in listed) == (True, False)
    assert "ada@example.org" not in filtered
    assert "infobrief 1 (de)" in shown
    assert [step["step"] for step in proof["consent"]] == ["asked", "confirmed"]
    assert AuditEntry.objects.filter(action="reader_exported").count() == 1


def test_a_bounce_by_hand_and_a_block(chief: Client) -> None:
    bounced, blocked = make_reader(), make_reader()

    chief.post(reverse("infobrief_reader_act", args=[bounced.pk]), {"action": "bounce", "kind": "hard"})
    chief.post(reverse("infobrief_reader_act", args=[blocked.pk]), {"action": "block"})

    states = list(Subscriber.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["bounced", "blocked"]
    assert sorted(BlockedAddress.objects.values_list("reason", flat=True)) == ["bounced", "by_hand"]


def test_statistics_come_from_what_servers_and_readers_said(chief: Client) -> None:
    row = make_reader()
    mailing = make_mailing()
    sending.feed(mailing)
    OutboxMessage.objects.filter(kind=sending.ISSUE).update(state="sent", accepted_at=timezone.now())
    mailing.deliveries.update(unsubscribed_at=timezone.now())
    row.bounces.create(kind="soft", source="admin", delivery=mailing.deliveries.get())

    cells = chief.get(reverse("infobrief_statistics")).content.decode().split('kgi-number">')

    assert [cell.split("<")[0] for cell in cells[1:6]] == ["1", "1", "0", "1", "1"]


def test_views_of_an_issue_are_a_number_and_editors_are_not_in_it(chief: Client) -> None:
    visitor = Client()
    page, english = make_both()
    for _again in range(3):
        assert visitor.get(page.url).status_code == 200
    chief.get(page.url)
    viewed.count(page.pk + 1_000_000)  # deleted in the meantime
    viewed.flush()
    visitor.get(page.url)
    viewed.flush()

    assert list(IssueViews.objects.values_list("page_id", "count")) == [(page.pk, 4)]
    shown = chief.get(reverse("infobrief_statistics")).content.decode().split('kgi-number">')
    assert sorted(cell.split("<")[0] for cell in shown[1:]) == ["0", "4"]
    page.delete()
    assert not IssueViews.objects.exists()
    assert english.counted() is not None


def test_lists_ask_as_many_questions_for_one_row_as_for_many(chief: Client) -> None:
    lists = [reverse(f"infobrief_{name}") for name in ("mailings", "readers", "statistics")]

    def asked() -> list[int]:
        found = []
        for address_of_list in lists:
            with CaptureQueriesContext(connection) as captured:
                chief.get(address_of_list)
            found.append(len(captured))
        return found

    make_reader()
    make_running_mailing()
    asked()
    few = asked()
    for _number in range(4):
        make_reader()
        make_running_mailing()

    assert asked() == few


def test_the_button_stands_at_an_issue_for_those_who_may(client: Client) -> None:
    page, _english = make_both()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    for role, is_shown in (("editor", True), ("translator", False)):
        client.force_login(make_staff(role))
        link = reverse("infobrief_issue", args=[page.pk])
        assert (link in client.get(edit).content.decode()) is is_shown
