"""Answering, making members, writing to them: who may, what follows, and that nobody gets what they refused."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.outbox.models import OutboxMessage
from cms.privacy.models import AuditEntry
from cms.privacy.services import digest
from home.joining import letters, links
from home.joining.models import AnswerTemplate, Enquiry, LetterRefusal
from home.services import groups
from knowledge.models import Municipality, MunicipalityPage
from tests.factories import pages as make
from tests.factories.enquiries import make_enquiry
from tests.factories.staff import ROLES, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
MAY = {"chief", "adviser"}
PAGES = {
    "enquiries": "",
    "enquiry": "enquiry",
    "enquiry_answer": "enquiry",
    "enquiry_member": "enquiry",
    "letter": "",
    "wagtailsnippets_joining_answertemplate:list": "",
    "wagtailsnippets_joining_answertemplate:add": "",
}


@pytest.fixture
def adviser(client: Client) -> Any:
    groups.ensure_groups([])
    user = make_staff("adviser")
    client.force_login(user)
    return user


def url(name: str, row: Enquiry) -> str:
    return reverse(name, args=[row.pk])


@pytest.mark.parametrize("role", ["chief", *ROLES, "member"])
def test_nobody_else_sees_or_does_anything(client: Client, role: str) -> None:
    row = make_enquiry(name="Kim Geheim", municipality_text="Waldstadt")
    groups.ensure_groups([])
    client.force_login(make_staff(role))

    answers = {name: client.get(reverse(name, args=[row.pk] if needs else [])) for name, needs in PAGES.items()}
    home = client.get(reverse("wagtailadmin_home"))

    assert {name for name, answer in answers.items() if answer.status_code == 200} == (
        set(PAGES) if role in MAY else set()
    )
    assert (reverse("enquiries").encode() in home.content) == (role in MAY)
    if role not in MAY:
        for action in ({"action": "plan", "status": "closed"}, {"action": "delete", "sure": "on"}, {"step": "send"}):
            client.post(url("enquiry", row), action)
        assert Enquiry.objects.get().status == "confirmed"
        assert not [answer for answer in answers.values() if b"Geheim" in answer.content]


def test_list_filters_and_puts_what_is_due_first(client: Client, adviser: Any) -> None:
    today = timezone.localdate()
    make_enquiry(name="Später Fall", due_on=today + dt.timedelta(days=5))
    make_enquiry(name="Alter Fall", due_on=today - dt.timedelta(days=1), assignee=adviser, kind="ask")
    make_enquiry(name="Fertiger Fall", status="closed")
    make_enquiry(name="Neuer Fall", status="new")

    def names(query: str) -> list[str]:
        html = client.get(f"{reverse('enquiries')}?{query}").content.decode()
        cases = ("Alter Fall", "Später Fall", "Fertiger Fall", "Neuer Fall")
        return sorted((name for name in cases if name in html), key=html.index)

    assert names("") == ["Alter Fall", "Später Fall"]
    assert names("status=overdue") == names("who=mine") == names("kind=ask") == ["Alter Fall"]
    assert names("who=nobody") == ["Später Fall"]
    assert len(names("status=")) == 4
    assert names("status=x&who=999&kind=y") == names("status=")


def test_list_asks_the_database_as_often_for_thirty_as_for_three(client: Client, adviser: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(reverse("enquiries")).status_code == 200
        return len(found)

    for number in range(3):
        make_enquiry(municipality_id=make.make_municipality().pk, assignee=adviser, name=str(number))
    queries()
    few = queries()
    for number in range(12):
        make_enquiry(municipality_id=make.make_municipality().pk, assignee=adviser, name=str(number))
    assert queries() == few


def test_answer_begins_from_a_template_and_replies_go_to_the_editor(client: Client, adviser: Any) -> None:
    row = make_enquiry(locale="en", municipality_text="Waldstadt", assignee=None)
    template = AnswerTemplate.objects.create(
        title="Dank",
        subject_de="Danke",
        text_de="Hallo {name}",
        subject_en="Thanks",
        text_en="Hello {name}, {municipality}",
    )

    begun = client.get(f"{url('enquiry_answer', row)}?template={template.pk}").content.decode()
    assert "Hello Jo Beispiel, Waldstadt" in begun
    data = {"key": str(uuid.uuid4()), "subject": "Thanks", "text": "Hello <b>Jo</b>"}
    assert (
        "Hello &lt;b&gt;Jo&lt;/b&gt;"
        in client.post(url("enquiry_answer", row), data | {"step": "preview"}).content.decode()
    )
    assert not OutboxMessage.objects.filter(kind="enquiry.answer").exists()
    for _click in range(2):
        client.post(url("enquiry_answer", row), data | {"step": "send"})

    message = OutboxMessage.objects.get(kind="enquiry.answer")
    row.refresh_from_db()
    assert (message.to, message.locale, message.payload["reply_to"]) == (row.email, "en", adviser.email)
    assert (row.status, row.assignee, row.notes.get().text) == ("answered", adviser, "Hello <b>Jo</b>")


def test_plan_note_and_deletion_are_logged_without_personal_values(client: Client, adviser: Any) -> None:
    row = make_enquiry()
    due = timezone.localdate() + dt.timedelta(days=3)

    client.post(url("enquiry", row), {"action": "plan", "status": "work", "assignee": adviser.pk, "due_on": due})
    client.post(url("enquiry", row), {"action": "note", "text": "Frau Beispiel ruft an"})
    row.refresh_from_db()
    assert (row.status, row.assignee, row.due_on) == ("work", adviser, due)
    assert "Frau Beispiel ruft an" in client.get(url("enquiry", row)).content.decode()
    client.post(url("enquiry", row), {"action": "delete"})
    assert Enquiry.objects.exists()
    client.post(url("enquiry", row), {"action": "delete", "sure": "on"})

    assert not Enquiry.objects.exists()
    log = AuditEntry.objects.filter(actor=adviser).order_by("pk")
    assert [entry.action for entry in log] == ["enquiry_planned", "enquiry_note", "enquiry_deleted"]
    assert log[0].details["fields"] == ["status", "assignee", "due_on"]
    assert "Beispiel" not in str([entry.details for entry in log])


@pytest.mark.parametrize("is_known", [True, False])
def test_member_gets_row_and_draft_in_one_step(client: Client, adviser: Any, *, is_known: bool) -> None:
    make.make_tree()
    known = make.make_municipality(name="Waldstadt") if is_known else None
    row = make_enquiry(
        municipality_id=known.pk if known else None,
        municipality_text="" if known else "Waldstadt",
        standings={"allies": "embedded", "plan": "partly"},
    )
    count = Municipality.objects.count()
    place = {} if is_known else {"name": "Waldstadt", "type": "town", "state": "NI", "county": ""}

    if not is_known:
        assert client.post(url("enquiry_member", row), {**place, "state": "XX"}).status_code == 200
        assert not MunicipalityPage.objects.filter(title="Waldstadt").exists()
    answers = [client.post(url("enquiry_member", row), place) for _click in range(2)]

    page = MunicipalityPage.objects.get(title="Waldstadt")
    assert {answer.headers["Location"] for answer in answers} == {reverse("wagtailadmin_pages:edit", args=[page.pk])}
    assert (page.live, page.member_status, page.owner, page.locale.language_code) == (False, "member", adviser, "de")
    assert (page.step_states["allies"], page.step_states["plan"], page.step_states["pr"]) == ("done", "started", "open")
    assert Municipality.objects.count() - count == (0 if is_known else 1)
    assert Enquiry.objects.get().profile_id == page.pk
    assert client.get(page.url).status_code == 404


def test_somebody_who_writes_for_oneself_becomes_no_member(client: Client, adviser: Any) -> None:
    row = make_enquiry(sender="individual", municipality_text="Waldstadt")

    client.post(url("enquiry_member", row), {"name": "Waldstadt", "type": "town", "state": "NI"})

    assert not MunicipalityPage.objects.filter(title="Waldstadt").exists()


@pytest.fixture
def network() -> dict[str, MunicipalityPage]:
    """Four members and a centre; one person withdrew consent, so the owner of the profile is asked."""
    tree = make.make_tree()
    started = [{"type": "status", "value": {"plan": "started"}}]
    gone = make.make_person(email="gone@example.org", consent_on=None)
    rows: dict[str, Any] = {
        "ni": {"state": "NI", "contact": make.make_person(email="ni@example.org"), "step_status": started},
        "by": {"state": "BY", "type": "county", "contact": make.make_person(email="by@example.org")},
        "owner": {"state": "NI", "contact": gone, "owner": make_staff("editor")},
        "former": {"state": "NI", "contact": make.make_person(email="f@example.org"), "member_status": "former"},
    }
    found = {}
    for name, facts in rows.items():
        place = {key: facts.pop(key) for key in ("state", "type") if key in facts}
        found[name] = make.make_profile(tree, municipality=make.make_municipality(**place), title=name, **facts)
    make.make_centre(tree, email="centre@example.org", municipality=make.make_municipality(state="HH"))
    return found


def to(**choice: Any) -> set[str]:
    names = {recipient.email.split("@")[0] for recipient in letters.recipients(letters.Choice(**choice))}
    return {"owner" if name.startswith("editor.") else name for name in names}


def test_letter_goes_to_whom_was_chosen_and_nobody_without_consent(network: dict[str, Any]) -> None:
    both = ["municipalities", "centres"]

    assert to() == {"ni", "by", "owner"}
    assert to(audience=both) == {"ni", "by", "owner", "centre"}
    assert to(audience=both, states=["NI"]) == {"ni", "owner"}
    assert to(types=["county"]) == {"by"}
    assert to(statuses=["former"]) == {"f"}
    assert to(audience=both, steps=["plan"], statuses=[]) == {"ni"}
    network["by"].unpublish()
    assert to() == {"ni", "owner"}


def written(**fields: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "audience": ["municipalities"],
        "statuses": ["member"],
        "subject": "Einladung",
        "text": "Guten Tag,\nkommen Sie?",
        **fields,
    }


def test_letter_is_looked_at_tested_and_sent_once(client: Client, adviser: Any, network: dict[str, Any]) -> None:
    data, address = written(), reverse("letter")

    preview = client.post(address, data | {"step": "preview"}).content.decode()
    assert "An 3 Adressen senden" in preview
    assert "ni@example.org (ni)" in preview
    client.post(address, data | {"step": "test"})
    assert OutboxMessage.objects.get().to == adviser.email
    client.post(address, data | {"step": "send"})
    client.post(address, data | {"step": "send", "count": "2"})
    assert OutboxMessage.objects.count() == 1
    for _click in range(2):
        assert client.post(address, data | {"step": "send", "count": "3"}).status_code == 302

    sent = OutboxMessage.objects.exclude(to=adviser.email)
    assert sent.count() == 3
    assert {message.payload["reply_to"] for message in sent} == {adviser.email}
    assert AuditEntry.objects.filter(action="letter_written")[0].details == {"addresses": 3}


def test_refusal_needs_a_button_lasts_and_stops_what_waits(
    client: Client, adviser: Any, network: dict[str, Any]
) -> None:
    client.post(reverse("letter"), written() | {"step": "send", "count": "3"})
    message = OutboxMessage.objects.get(to="ni@example.org")
    mail = letters.render(message)
    end = links.refusal_url(digest("NI@example.org"), language="de")
    assert mail.headers["List-Unsubscribe"] == f"<{end}>"
    assert "example.org" not in end
    assert letters.still_true(message)
    path = end.removeprefix("https://kgi.example")

    visitor = Client(enforce_csrf_checks=True)
    for _scan in range(2):
        visitor.get(path)
        visitor.head(path)
    assert not LetterRefusal.objects.exists()
    for _press in range(2):
        assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert LetterRefusal.objects.count() == 1
    assert not letters.still_true(message)
    assert to() == {"by", "owner"}
    assert visitor.post(path[:-8] + "forged/").status_code == 404


def test_bootstrap_gives_the_right_to_one_group_only() -> None:
    groups.ensure_groups([])

    having = Group.objects.filter(permissions__content_type__app_label="joining").distinct()

    assert [group.name for group in having] == [groups.ADVISERS]
