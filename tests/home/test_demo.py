"""The demo: loads once, leaves alone what editors changed, goes away completely and takes nothing else along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Page

from cms.models import CustomDocument, CustomImage
from home.demo.loader import Loader
from home.demo.markdown import rich_text, stream
from home.demo.reader import DemoError, read_all, read_text
from home.demo.removal import remove
from home.models import DemoItem, HomePage
from home.services.bootstrap import bootstrap
from knowledge.models import ContactPerson, GoodPracticePage, Municipality
from tests.factories import pages as make
from trainings.models import Offer, Run

pytestmark = pytest.mark.django_db


def load() -> Loader:
    loader = Loader(today=dt.date(2026, 11, 24))
    loader.load()
    return loader


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loader]:
    """Load the demo once; what a test changes is rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        bootstrap(with_register=False, say=lambda _text: None)
        yield load()
        transaction.set_rollback(True)


def test_second_load_changes_nothing(demo: Loader) -> None:
    revisions = Page.objects.values_list("pk", "latest_revision_id")
    before = list(revisions)

    again = load()

    assert demo.changed > 100
    assert (again.changed, again.kept) == (0, [])
    assert list(revisions) == before


def _news() -> list[DemoItem]:
    return list(DemoItem.objects.filter(key__startswith="news/", key__endswith=":de").exclude(key="news/index:de")[:1])


def test_edited_page_is_left_alone(demo: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    page = GoodPracticePage.objects.filter(locale__language_code="de").first()
    assert page is not None
    page.title = "Von Hand"
    page.save_revision().publish()
    changed = [*DemoItem.objects.filter(object_id=str(page.pk), key__startswith="practices/"), *_news()]
    DemoItem.objects.filter(pk__in=[item.pk for item in changed]).update(digest="as if the file had changed")

    again = load()

    page.refresh_from_db()
    assert page.title == "Von Hand"
    assert again.kept == ["Von Hand"]
    assert again.changed == 1


def test_deleted_page_does_not_come_back(demo: Loader) -> None:
    page = GoodPracticePage.objects.filter(locale__language_code="de").first()
    assert page is not None
    key = page.translation_key
    page.delete()

    load()

    assert not GoodPracticePage.objects.filter(translation_key=key, locale__language_code="de").exists()


def test_everything_goes_and_nothing_else(demo: Loader) -> None:
    practices = GoodPracticePage.objects.filter(locale__language_code="de")
    parent = practices[0].get_parent()
    town = Municipality.objects.create(name="Eigenstadt", type="town", state="NI")
    own = make.publish(
        GoodPracticePage, parent, title="Eigenes", municipality=town, situation="<p>x</p>", results="<p>x</p>"
    )
    person = make.make_person()

    _removed, kept = remove()

    assert list(GoodPracticePage.objects.values_list("title", flat=True)) == ["Eigenes"]
    assert [page.pk for page in Page.objects.filter(depth__gt=3)] == [own.pk]
    assert list(ContactPerson.objects.all()) == [person]
    assert list(Municipality.objects.all()) == [town]
    assert (Run.objects.count(), Offer.objects.count()) == (0, 0)
    assert (CustomImage.objects.count(), CustomDocument.objects.count()) == (0, 0)
    assert HomePage.objects.live().count() == 2
    assert kept == [str(parent.specific)]


def test_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "x.yaml").write_text("a: [1")

    with pytest.raises(DemoError, match=r"x\.yaml"):
        read_all(tmp_path)
    with pytest.raises(DemoError, match="no front matter"):
        read_text("# body\nx", tmp_path / "y.md")


def test_markdown_becomes_blocks_in_order() -> None:
    source = "Eins **fett**\n\n## Titel\n\n```block:facts\n- {label: a, value: b}\n```\nZwei [x](page:a/b)"

    blocks = stream(source, lambda address: f'linktype="page" id="{address}"')

    assert [block["type"] for block in blocks] == ["paragraph", "heading", "facts", "paragraph"]
    assert blocks[0]["value"] == "<p>Eins <b>fett</b></p>"
    assert blocks[2]["value"][0]["value"] == {"label": "a", "value": "b"}
    assert blocks[3]["value"] == '<p>Zwei <a linktype="page" id="page:a/b">x</a></p>'


def test_markdown_lets_no_html_through() -> None:
    assert "<script" not in rich_text("<script>alert(1)</script>", str)
