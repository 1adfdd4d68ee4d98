"""People are records: gone from every page, draft and old revision the moment consent ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from wagtail.models import ReferenceIndex

from knowledge.models import ContactPerson
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def pages_with(person: ContactPerson) -> list[Any]:
    tree = make.make_tree()
    centre = make.make_centre(tree, contacts=[{"type": "person", "value": person.pk}])
    return [make.make_practice(tree, contact=person), make.make_team(tree, person), centre]


def withdraw(person: ContactPerson) -> None:
    person.withdrawn_on = dt.date(2026, 5, 4)
    person.full_clean()
    person.save()


def test_person_is_shown_in_the_language_of_the_page(client: Client) -> None:
    practice, team, _centre = pages_with(make.make_person())
    english = make.translate(team)

    assert "Jugendpflege" in client.get(team.url).content.decode()
    assert "Youth work officer" in client.get(english.url).content.decode()
    assert "Jo Beispiel" in client.get(practice.url).content.decode()


@pytest.mark.parametrize("how", ["withdrawn", "deleted"])
def test_person_is_gone_from_pages_and_old_revisions_at_once(client: Client, how: str) -> None:
    person = make.make_person()
    pages = pages_with(person)
    for page in pages:
        page.title = "Neuer Titel"
        page.save_revision()

    if how == "withdrawn":
        withdraw(person)
    else:
        person.delete()

    for page in pages:
        assert "Jo Beispiel" not in client.get(page.url).content.decode()
        for revision in page.revisions.all():
            assert "Jo Beispiel" not in str(revision.content)
            assert "jo@example.org" not in str(revision.content)
        restored = page.revisions.order_by("created_at").first().as_object()
        restored.save_revision().publish()
        assert client.get(page.url).status_code == 200
        assert "Jo Beispiel" not in client.get(page.url).content.decode()


def test_person_without_consent_is_not_shown(client: Client) -> None:
    for page in pages_with(make.make_person(consent_on=None)):
        assert "Jo Beispiel" not in client.get(page.url).content.decode()


def test_withdrawal_empties_the_record() -> None:
    person = make.make_person()

    withdraw(person)

    person.refresh_from_db()
    assert (person.name, person.phone, person.email, person.is_published) == ("", "", "", False)


def test_database_refuses_a_withdrawn_person_with_a_name() -> None:
    person = make.make_person()

    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPerson.objects.filter(pk=person.pk).update(withdrawn_on=dt.date(2026, 5, 4))


def test_person_needs_a_name() -> None:
    with pytest.raises(ValidationError) as error:
        ContactPerson(name="").full_clean()

    assert "name" in error.value.message_dict


def test_people_are_neither_in_the_reference_index_nor_in_the_search(client: Client) -> None:
    person = make.make_person()
    pages_with(person)

    assert not ReferenceIndex.get_references_to(person).exists()
    assert "Jo Beispiel" not in client.get("/de/suche/?q=Beispiel").content.decode()
