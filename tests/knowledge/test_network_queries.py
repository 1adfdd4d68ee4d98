"""Map, list, likeness and open data cost the same for 3 and 30 members and centres."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from knowledge.models import GoodPracticePage, MunicipalityPage, ServiceCentrePage, TopicLink
from tests.counting import queries
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
MOST = {
    "{members}?near=Ort": 8,
    "{members}?near=Neukirch": 8,
    "{members}?kind=all&state=NI&topic=rural": 8,
    "{centres}?state=BE": 8,
    "{alike}?municipality=Ort": 9,
    "/api/members/": 5,
    "/api/members.geojson": 5,
    "/api/service-centres/": 5,
    "/api/service-centres.geojson": 5,
}


def add(parent: Any, model: Any, number: int, **fields: Any) -> Any:
    """Put a live page into the tree without revision and followers: only its rows matter here."""
    page = model(title=f"Titel {number}", slug=f"{model.__name__}-{number}".lower(), locale=parent.locale, **fields)
    parent.add_child(instance=page)
    return page


def grow(tree: make.Tree, numbers: range, person: Any) -> None:
    """Add a member with contact, topic and practice, and a centre with a contact, for each number."""
    for number in numbers:
        town = make.make_municipality(name=f"Ort {number}")
        member = add(tree.municipalities, MunicipalityPage, number, municipality=town, contact=person)
        TopicLink.objects.create(tag=make.topic(), content_object=member)
        add(tree.knowledge, GoodPracticePage, number, municipality=town, situation="<p>A</p>", results="<p>B</p>")
        people = [{"type": "person", "value": person.pk}]
        add(tree.centres, ServiceCentrePage, number, municipality=town, area="Kreis", contacts=people)


def test_network_needs_the_same_queries_for_3_and_30(client: Client) -> None:
    tree, person = make.make_tree(), make.make_person(consent_scope="network")
    for number in (1, 2):
        make.make_municipality(name="Neukirch", county=f"Kreis {number}", latitude=48.0 + number)
    make.make_municipality(name="Ort")
    urls = {"members": tree.municipalities.url, "centres": tree.centres.url, "alike": tree.municipalities.alike_url}

    grow(tree, range(3), person)
    few = {address: queries(client, address.format(**urls)) for address in MOST}
    grow(tree, range(3, 30), person)
    many = {address: queries(client, address.format(**urls)) for address in MOST}

    assert many == few
    assert {address: count for address, count in many.items() if count > MOST[address]} == {}
