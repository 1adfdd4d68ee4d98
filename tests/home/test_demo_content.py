"""The demo as it is shipped: loads once, shows every kind of run, goes away completely. One load serves all tests."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from cms.models import CustomDocument, CustomImage
from cms.outbox.models import OutboxMessage
from cms.privacy.models import ConsentEvent, ConsentRecord
from cms.vocabularies import Admission, Mode
from home.demo import removal
from home.demo.loader import Loader
from home.joining.models import AnswerTemplate, Enquiry, Kind, Status
from home.joining.services import SUBJECT
from home.models import DemoItem, HomePage
from home.newsletter.content import parts_of
from home.newsletter.models import BlockedAddress, InfobriefPage, Mailing, Subscriber, SubscriberState
from home.newsletter.services import preflight, sending
from home.newsletter.services.counting import counts
from home.services.bootstrap import bootstrap
from knowledge.models import ContactPerson, GoodPracticePage, Municipality, StepIndexPage
from tests.factories import pages as make
from tests.factories.newsletter import make_reader
from trainings.models import Offer, Run
from trainings.states import RunStatus, run_status

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def shown(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loader]:
    """Load the demo once for all tests that only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        bootstrap(with_register=False, say=lambda _text: None)
        loader = Loader(today=TODAY)
        loader.load()
        yield loader
        transaction.set_rollback(True)


@pytest.fixture
def demo(shown: Loader) -> Iterator[Loader]:
    """Give a test the loaded demo and take back what the test does to it."""
    with transaction.atomic():
        yield shown
        transaction.set_rollback(True)


def test_every_demo_page_exists_in_both_languages(shown: Loader) -> None:
    german = set(Page.objects.filter(locale__language_code="de", depth__gt=1).values_list("translation_key", flat=True))
    english = set(
        Page.objects.filter(locale__language_code="en", depth__gt=1).values_list("translation_key", flat=True)
    )

    assert german == english
    drafts = Page.objects.filter(live=False).values_list("slug", flat=True)
    assert sorted(drafts) == ["wer-zeigt-seinen-plan", "who-shows-their-plan"]


def test_every_demo_page_holds_what_publishing_asks_for(shown: Loader) -> None:
    for row in Page.objects.filter(depth__gt=1).specific():
        page = row if row.live else row.get_latest_revision_as_object()
        page.full_clean()
        missing = [name for name in page.required_to_publish if page._is_empty(name)]
        assert (page.title, missing) == (page.title, [])


def test_demo_shows_runs_in_every_state(shown: Loader) -> None:
    now = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(12)))

    states = {run_status(run, now) for run in Run.objects.for_display()}

    assert states >= {
        RunStatus.OPEN,
        RunStatus.PLANNED,
        RunStatus.WAITING,
        RunStatus.FULL,
        RunStatus.INTEREST,
        RunStatus.CANCELLED,
        RunStatus.OVER,
    }
    assert {run.admission for run in Run.objects.all()} == set(Admission.values)
    assert {run.mode for run in Run.objects.all()} == set(Mode.values)


def test_demo_shows_readers_in_every_state_and_an_issue_as_it_went_out(shown: Loader) -> None:
    mailing = Mailing.objects.get(language="de")
    found = counts(mailing)

    assert set(Subscriber.objects.values_list("state", flat=True)) == set(SubscriberState.values)
    assert (Subscriber.objects.count(), InfobriefPage.objects.filter(locale__language_code="de").count()) == (40, 4)
    assert (mailing.state, found.unknown, found.failed > 0, found.sent > 20) == ("done", 1, True, True)
    assert found.total == mailing.deliveries.count()
    assert not Subscriber.objects.exclude(email__endswith="@demo.example.org").exists()
    draft = InfobriefPage.objects.get(slug="wer-zeigt-seinen-plan").get_latest_revision_as_object()
    assert [block.block_type for block in draft.body] == ["editorial", "teasers", "teasers", "dates"]


def test_issues_of_the_demo_would_pass_the_preflight(shown: Loader) -> None:
    for page in InfobriefPage.objects.live().filter(archive_only=False):
        assert preflight.problems(page) == []
        assert all(part.entries for part in parts_of(page) if part.kind in ("teasers", "dates"))


def test_second_load_changes_nothing(demo: Loader) -> None:
    revisions = Page.objects.values_list("pk", "latest_revision_id")
    before = list(revisions)

    again = Loader(today=TODAY)
    again.load()

    assert demo.changed > 100
    assert (again.changed, again.kept) == (0, [])
    assert list(revisions) == before


def test_deleted_page_does_not_come_back(demo: Loader) -> None:
    page = GoodPracticePage.objects.filter(locale__language_code="de").first()
    assert page is not None
    key = page.translation_key
    page.delete()

    Loader(today=TODAY).load()

    assert not GoodPracticePage.objects.filter(translation_key=key, locale__language_code="de").exists()


def test_everything_goes_and_nothing_else(demo: Loader, capsys: pytest.CaptureFixture[str]) -> None:
    practices = GoodPracticePage.objects.filter(locale__language_code="de")
    parent = practices[0].get_parent()
    town = Municipality.objects.create(name="Eigenstadt", type="town", state="NI")
    reader = make_reader(email="echt@example.org")
    own = make.publish(
        GoodPracticePage, parent, title="Eigenes", municipality=town, situation="<p>x</p>", results="<p>x</p>"
    )
    person = make.make_person()

    call_command("demo", "remove")

    assert list(GoodPracticePage.objects.values_list("title", flat=True)) == ["Eigenes"]
    assert [page.pk for page in Page.objects.filter(depth__gt=3)] == [own.pk]
    assert list(ContactPerson.objects.all()) == [person]
    assert list(Municipality.objects.all()) == [town]
    assert (list(Subscriber.objects.all()), Mailing.objects.count(), BlockedAddress.objects.count()) == ([reader], 0, 0)
    assert ConsentEvent.objects.count() == 2
    assert not OutboxMessage.objects.filter(kind=sending.ISSUE).exists()
    assert (Run.objects.count(), Offer.objects.count()) == (0, 0)
    assert (CustomImage.objects.count(), CustomDocument.objects.count()) == (0, 0)
    assert HomePage.objects.live().count() == 2
    told = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"\d{3,4} pages, rows and files of the demo removed\.", told[0])
    assert told[1:] == [f"Kept because other content needs it: {parent.specific}"]


def test_command_tells_what_it_left_alone(demo: Loader, capsys: pytest.CaptureFixture[str]) -> None:
    page = GoodPracticePage.objects.filter(locale__language_code="de").first()
    assert page is not None
    page.title = "Von Hand"
    page.save_revision().publish()
    DemoItem.objects.filter(object_id=str(page.pk), key__startswith="practices/").update(digest="another")

    call_command("demo", "load")

    assert "Left alone, an editor has changed it: Von Hand\n" in capsys.readouterr().out


def test_recording_of_the_demo_names_a_file_and_has_its_words(shown: Loader) -> None:
    way = StepIndexPage.objects.get(locale__language_code="en")

    recording = next(block.value for block in way.body if block.block_type == "audio")

    assert recording["file"].filename.endswith(".mp3")
    assert recording["file"].language == "en"
    assert "<li>Win allies</li>" in str(recording["transcript"])


def test_enquiries_of_every_kind_and_state_wait_for_nobody_real(shown: Loader, mailoutbox: list[Any]) -> None:
    rows = list(Enquiry.objects.all())

    assert {row.status for row in rows} == set(Status.values)
    assert {row.kind for row in rows} == set(Kind.values)
    assert {row.email.split("@")[1] for row in rows} == {"demo.example.org"}
    assert Enquiry.objects.overdue().exists()
    assert {template.kind for template in AnswerTemplate.objects.all()} >= set(Kind.values) - {"ask"}


def test_enquiries_go_with_the_demo_and_leave_nothing(demo: Loader) -> None:
    own = DemoItem.objects.filter(key__regex="^(enquiries|answers)/")
    assert own.count() == Enquiry.objects.count() + AnswerTemplate.objects.count() > 10

    for record in own:
        assert removal._delete(record.subject)  # type: ignore[arg-type]  # it is there

    assert not Enquiry.objects.exists()
    assert not AnswerTemplate.objects.exists()
    assert not ConsentRecord.objects.filter(subject_kind=SUBJECT).exists()
