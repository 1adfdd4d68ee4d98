"""Export, an empty second site, import: the same site, field by field; people do not travel."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from home.demo.loader import Loader
from home.moving.exporting import FILE_NAME, Export
from home.moving.importing import Import
from home.services.bootstrap import bootstrap
from knowledge.models import ContactPerson, GoodPracticePage
from tests.factories import everything
from tests.factories import pages as make
from tests.home.moving.conftest import Box, practice
from tests.home.moving.second_site import SecondSite
from tests.home.moving.snapshots import snapshot

RICH = [
    {"type": "heading", "value": "Teil"},
    {"type": "paragraph", "value": "<h3>Klein</h3><p>Text <b>fett</b><br/>neu</p><ul><li>eins</li></ul>"},
    {"type": "quote", "value": {"text": "So.", "attribution": "Amt"}},
    {"type": "facts", "value": [{"type": "item", "value": {"label": "Zahl", "value": "3"}, "id": ""}]},
    {"type": "callout", "value": {"kind": "tip", "title": "Tipp", "text": "<p>Früh fragen.</p>"}},
    {
        "type": "table",
        "value": {
            "data": [["A", "B"], ["1", "2"]],
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "table_header_choice": "row",
            "table_caption": "Zahlen",
        },
    },
]


def plain_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def move(folder: Path, *, with_people: bool) -> tuple[Any, Any]:
    """Export this site, import it into an empty second one, and return what both show."""
    export = Export(folder / "export")
    export.run()
    site = SecondSite(folder / "site")
    if with_people:
        people = json.loads(serializers.serialize("json", ContactPerson.objects.all()))
        (folder / "people.json").write_text(
            json.dumps([{**p, "fields": {**p["fields"], "topics": []}} for p in people])
        )
        site.python("manage.py", "loaddata", str(folder / "people.json"))
    said = site.python("manage.py", "import_content", str(folder / "export" / FILE_NAME), "--unknown", "create")
    assert (export.left_out, "0 lines not taken" in said) == ([], True), said
    return plain_json(snapshot()), site.snapshot()


def assert_same(here: Any, there: Any) -> None:
    assert list(differences(here, there)) == []


def differences(here: Any, there: Any, place: str = "") -> Iterator[str]:
    """Yield each place that differs with what stands there."""
    if isinstance(here, dict) and isinstance(there, dict):
        for name in sorted({*here, *there}):
            yield from differences(here.get(name), there.get(name), f"{place} {name}")
    elif here != there:
        yield f"{place}: {here} / {there}"


@pytest.mark.services  # needs no server, but half a minute
@pytest.mark.django_db
def test_one_page_of_each_type_arrives_whole(tmp_path: Path, settings: Any) -> None:
    tree = make.make_tree()
    person, picture = make.make_person(), Box(tmp_path).picture()
    pages = {name: build(tree) for name, build in everything.PAGES.items() if name != "team"}
    make.make_team(tree, person)
    target, training = pages["practice"], pages["training"]
    make.make_practice(
        tree,
        title="Reich",
        how=[*RICH, {"type": "link_cards", "value": [{"type": "item", "value": target.pk, "id": ""}]}],
        situation=f'<p>Siehe <a linktype="page" id="{target.pk}">dort</a>.</p>',
        contact=person,
        age_from=12,
        period_from=dt.date(2020, 2, 3),
        partner_countries=["FR", "PL"],
        related=[{"type": "page", "value": target.pk}],
    )
    make.translate(target, title="A bus", situation="<p>No bus.</p>")
    make.translate(training, title="Workshop")
    make.make_run(training)
    make.make_run(pages["exchange"], starts_in=-30, fee="0.00", cancelled_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    Redirect.objects.create(old_path="/alt", redirect_page=target)
    line = {**practice("m", image={"path": "bus.png", "alt": "Bus", "credit": "Jo"}), "kind": "material"}
    (tmp_path / "old").mkdir()
    picture.rename(tmp_path / "old" / "bus.png")
    (tmp_path / "old" / "liste.pdf").write_bytes(b"%PDF liste")
    (tmp_path / "old" / "x.jsonl").write_text(json.dumps({**line, "files": ["liste.pdf"]}))
    Import(tmp_path / "old" / "x.jsonl").run()

    here, there = move(tmp_path, with_people=True)

    assert len(here["pages"]) == 33
    assert (len(here["runs"]), here["old"]) == (2, {"/alt": target.url_path})
    assert_same(here, there)


@pytest.mark.django_db
def test_nothing_that_is_not_public_and_nobody_is_exported(tmp_path: Path) -> None:
    tree = make.make_tree()
    person = make.make_person()
    make.make_practice(tree, title="Öffentlich", contact=person)
    private = make.make_practice(tree, title="Geheimer Bereich")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    draft = make.make_practice(tree, title="Geheimer Entwurf")
    draft.unpublish()
    run = make.make_run(make.make_training(tree), number="2099-777", published_at=None)
    person_without_consent = make.make_person(name="Kim Geheim", email="kim@example.org", consent_on=None)
    make.make_team(tree, person, person_without_consent)
    changed = GoodPracticePage.objects.get(title="Öffentlich")
    changed.title = "Geheime Änderung"
    changed.save_revision()

    Export(tmp_path / "out").run()

    text = (tmp_path / "out" / FILE_NAME).read_text()
    assert "Öffentlich" in text
    hidden = ("Geheim", person.name, person.email, person.phone, run.number, "kim@")
    assert [word for word in hidden if word in text] == []


@pytest.mark.django_db
def test_people_are_named_by_key_and_found_where_the_record_is(tmp_path: Path, box: Box) -> None:
    tree = make.make_tree()
    person = make.make_person()
    make.make_team(tree, person)
    Export(tmp_path / "out").run()
    lines = [json.loads(line) for line in (tmp_path / "out" / FILE_NAME).read_text().splitlines()]
    (team,) = (line for line in lines if line["kind"] == "team")
    Page.objects.filter(title="Team").specific().get().delete()

    box.run({**team, "parent": None})

    page = Page.objects.get(imported__source_id=team["source_id"]).specific
    assert ([block.value for block in page.people], box.said) == ([person], [])


@pytest.mark.services
@pytest.mark.django_db
def test_demo_arrives_whole_in_an_empty_site(tmp_path: Path) -> None:
    bootstrap(with_register=False, say=lambda _text: None)
    Loader(today=dt.date(2026, 11, 24)).load()

    here, there = move(tmp_path, with_people=True)

    assert len(here["pages"]) > 100
    assert_same(here, there)
