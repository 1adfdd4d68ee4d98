"""Members and service centres for other sites: as described, in the language of the address, people by consent only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import vobject
from django.db import transaction
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types
from openapi_spec_validator import validate

from cms import version
from cms.throttle import Limit
from knowledge import api
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
ADDRESSES = ("/api/members/", "/api/members.geojson", "/api/service-centres/", "/api/service-centres.geojson")


@pytest.fixture(scope="module")
def grown(planted: None, django_db_blocker: Any) -> Iterator[None]:
    """Make two members and a centre once for this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        grow(make.make_tree())
        version.forget()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def tree(grown: None, db: None) -> make.Tree:
    return make.make_tree()


def grow(tree: make.Tree) -> None:
    town = make.make_municipality(name="Ahlen", latitude=53.0, longitude=9.0, state="NI")
    shown = make.make_person(name="Nora Netz", consent_scope="network")
    hidden = make.make_person(name="Paul Privat", email="paul@private.example", consent_scope="page")
    gone = make.make_person(name="Will Weg", consent_scope="network", consent_on=None)
    member = make.make_profile(tree, municipality=town, teaser="Wir fahren.", contact=shown, topics=[make.topic()])
    make.make_profile(tree, municipality=make.make_municipality(name="Bedorf", state="BY"), contact=hidden)
    people = [{"type": "person", "value": person.pk} for person in (shown, hidden, gone)]
    centre = make.make_centre(tree, title="Beratung", municipality=town, contacts=people, services=["funding"])
    make.translate(member, title="Ahlen town", teaser="We travel.")
    make.translate(centre, title="Advice")


def test_answers_are_as_described(client: Client, tree: make.Tree) -> None:
    description: Any = client.get("/api/search/openapi.json").json()
    validate(description)
    for address in ADDRESSES:
        content = description["paths"][address]["get"]["responses"]["200"]["content"]
        schema = Draft202012Validator(next(iter(content.values()))["schema"])
        for query in ("", "?lang=en", "?state=NI&topic=rural", "?near=Ahlen&radius=25", "?near=%00&state=X"):
            answer = client.get(address + query)

            assert (answer.status_code, answer.cookies) == (200, {})
            assert answer.headers["Content-Type"] in content
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            schema.validate(answer.json())


def test_map_tools_find_name_description_url_and_kind(client: Client, tree: make.Tree) -> None:
    found = client.get("/api/members.geojson?lang=en").json()

    assert found["type"] == "FeatureCollection"
    assert [feature["geometry"] for feature in found["features"]] == [{"type": "Point", "coordinates": [9.0, 53.0]}]
    properties = found["features"][0]["properties"]
    assert properties.pop("url").startswith("https://kgi.example/en/municipalities/")
    expected = {"name": "Ahlen town", "description": "We travel.", "kind": "municipality", "language": "en"}
    assert properties == expected


def test_filters_and_distance_are_those_of_the_directory(client: Client, tree: make.Tree) -> None:
    near = client.get("/api/members/?near=Ahlen").json()
    filtered = client.get("/api/members/?state=BY&kind=all").json()

    assert [(item["title"], item["distance_km"]) for item in near["items"]] == [("Ahlen", 0.0), ("Bedorf", 81.7)]
    assert [item["title"] for item in filtered["items"]] == ["Bedorf"]


def test_people_are_named_only_where_they_agreed_to_open_data(client: Client, tree: make.Tree) -> None:
    answers = [client.get(address) for address in ADDRESSES]

    everything = "".join(answer.content.decode() for answer in answers)
    assert answers[0].json()["items"][0]["contacts"][0]["name"] == "Nora Netz"
    assert [person["name"] for person in answers[2].json()["items"][0]["contacts"]] == ["Nora Netz"]
    for secret in ("Paul Privat", "paul@private.example", "Will Weg", "owner"):
        assert secret not in everything


def test_drafts_and_private_pages_are_not_open_data(client: Client, tree: make.Tree) -> None:
    for page in (*tree.municipalities.get_children(), *tree.centres.get_children()):
        page.specific.unpublish()

    assert [client.get(address).json().get("items", []) for address in ADDRESSES[::2]] == [[], []]
    assert [client.get(address).json()["features"] for address in ADDRESSES[1::2]] == [[], []]


@pytest.mark.parametrize("address", ADDRESSES)
def test_limits_and_unknown_languages_are_told(client: Client, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(api, "READERS", Limit(f"network api of this test {address}", most=2, seconds=3600))

    answers = [client.get(f"{address}?lang=xx", REMOTE_ADDR="192.0.2.1") for _time in range(3)]

    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert client.post(address).status_code == 405


def test_vcard_holds_what_an_address_book_takes_and_no_person(client: Client, tree: make.Tree) -> None:
    person = make.make_person(name="Paul Privat")
    page = make.make_centre(
        tree,
        title="Büro; Nord, Süd",
        street="Weg 1",
        postal_code="00000",
        email="office@town.example",
        latitude=53.1,
        longitude=9.2,
        services=["funding"],
        booking_url="https://termin.example",
        contacts=[{"type": "person", "value": person.pk}],
    )
    answer = client.get(f"{page.url}vcard/")
    card = vobject.readOne(answer.content.decode())

    assert answer.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert (card.fn.value, card.email.value, card.tel.value) == (page.title, "office@town.example", page.phone)
    assert (card.adr.value.street, card.adr.value.city) == ("Weg 1", "Musterstadt")
    assert card.geo.value == "53.1;9.2"
    assert card.categories.value == ["Förderberatung"]
    assert "https://termin.example" in card.note.value
    assert "Landkreis Muster" in card.note.value
    assert card.url.value == page.full_url
    assert "Paul" not in answer.content.decode()
