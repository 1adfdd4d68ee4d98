"""Municipalities like mine: type, size and youth office decide, practices and contacts follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from cms import version
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def member(tree: make.Tree, name: str, *, people: int | None = 21000, kind: str = "town", **fields: Any) -> Any:
    row = make.make_municipality(name=name, population=people, type=kind, state="HE")
    return make.make_profile(tree, municipality=row, **fields)


@pytest.fixture(scope="module")
def grown(planted: None, django_db_blocker: Any) -> Iterator[None]:
    """Make four members once for this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        grow(make.make_tree())
        version.forget()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def tree(grown: None, db: None) -> make.Tree:
    return make.make_tree()


def grow(tree: make.Tree) -> None:
    member(tree, "Gleich", own_youth_office=True)
    member(tree, "Größer", people=60000)
    member(tree, "Metropole", people=900000, kind="city_state")
    member(tree, "Landkreis Weit", people=250000, kind="county", own_youth_office=True)


def names(client: Client, tree: make.Tree, query: str, page: Any = None) -> list[str]:
    answer = client.get((page or tree.municipalities).alike_url + query)
    assert answer.status_code == 200
    return re.findall(r'<h2 class="list-title"><a [^>]+>([^<]+)</a>', answer.content.decode())


def test_same_type_and_size_come_first(client: Client, tree: make.Tree) -> None:
    make.make_municipality(name="Meinort", population=22000, type="town", state="BY")

    assert names(client, tree, "?municipality=Meinort") == ["Gleich", "Größer"]


def test_own_youth_office_counts_and_can_be_said(client: Client, tree: make.Tree) -> None:
    assert names(client, tree, "?youth_office=yes") == ["Gleich", "Landkreis Weit"]
    assert names(client, tree, "?type=county&youth_office=yes") == ["Landkreis Weit", "Gleich"]


def test_profile_leads_to_those_like_it_and_is_not_among_them(client: Client, tree: make.Tree) -> None:
    profile = tree.municipalities.get_children().get(title="Gleich").specific

    link = re.search(r'href="([^"]+/wie-wir/[^"]+)"', client.get(profile.url).content.decode())

    assert link
    found = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert "2 Mitglieder ähneln Gleich (Landkreis Muster)" in found
    assert '<h2 class="list-title"><a href="' + profile.url not in found


def test_practices_and_contacts_are_named_and_withdrawn_people_are_not(client: Client, tree: make.Tree) -> None:
    person, gone = make.make_person(name="Kim Kontakt"), make.make_person(name="Will Weg")
    profile = member(tree, "Nachbar", contact=person)
    other = member(tree, "Schweigsam", contact=gone)
    make.make_practice(tree, title="Ein Bus", municipality=profile.municipality)
    make.make_practice(tree, title="Geheimer Entwurf", municipality=other.municipality).unpublish()
    gone.consent_on = None
    gone.save()

    html = client.get(f"{tree.municipalities.alike_url}?type=town&size=20000").content.decode()

    assert "Ein Bus" in html
    assert "Kim Kontakt" in html
    assert "Will Weg" not in html
    assert "Geheimer Entwurf" not in html


@pytest.mark.parametrize("query", ["", "?municipality=", "?municipality=Nirgendwo", "?type=x&size=-1&youth_office=2"])
def test_nothing_to_compare_with_is_no_error(client: Client, tree: make.Tree, query: str) -> None:
    assert names(client, tree, query) == []


def test_unknown_size_of_the_register_is_no_error(client: Client, tree: make.Tree) -> None:
    make.make_municipality(name="Ungezählt", population=None, type="commune")

    assert names(client, tree, "?municipality=Ungezählt") == ["Gleich", "Größer"]


def test_english_route_answers_in_english(client: Client, tree: make.Tree) -> None:
    english = tree.municipalities.get_translations().get(locale__language_code="en").specific
    make.translate(tree.municipalities.get_children().get(title="Gleich"), title="Alike town")

    assert english.alike_url.endswith("/like-us/")
    assert names(client, tree, "?type=town", english) == ["Alike town"]
