"""Rows of the demo beside its pages: towns, people, the settings of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from cms.models import SiteSettings
from home.demo.reader import Item
from home.demo.values import set_value
from home.models import ContactSettings
from knowledge.models import ContactPerson, Municipality, Topic

if TYPE_CHECKING:
    from home.demo.loader import Loader

SETTING_NAMES = {
    "operator": "operator_name",
    "funder_de": "funder_text_de",
    "funder_en": "funder_text_en",
    "checked_on": "funder_checked_on",
}


def fill_town(town: models.Model | None, item: Item) -> Municipality:
    """Make or renew an invented town."""
    town = town if isinstance(town, Municipality) else Municipality(source=Municipality.Source.DEMO)
    facts = item.facts
    for name in ("name", "type", "state", "county", "population"):
        setattr(town, name, facts.get(name) if facts.get(name) is not None else getattr(town, name))
    town.latitude, town.longitude = facts["lat"], facts["lon"]
    town.save()
    return town


def fill_person(person: models.Model | None, item: Item) -> ContactPerson:
    """Make or renew an invented person."""
    person = person if isinstance(person, ContactPerson) else ContactPerson()
    for name, value in item.facts.items():
        if name not in ("topics", "consent_scope"):
            setattr(person, name, value)
    person.save()
    person.topics.set(Topic.objects.filter(slug__in=item.facts.get("topics", [])))
    return person


def load_settings(loader: Loader) -> None:
    """Fill the settings of the site once; from then on they belong to the editors."""
    item = loader.items.get("settings/site")
    if item is None or item.key in loader.records:
        return
    site, contact, facts = SiteSettings.load(), ContactSettings.load(), item.facts
    for written, value in facts.items():
        name = SETTING_NAMES.get(written, written)
        if name == "partners":
            site.partners = [{"type": "partner", "value": partner} for partner in value]
        elif name != "pk" and any(own.name == name for own in SiteSettings._meta.fields):
            set_value(site, name, value, loader)
    contact.person_id = loader.row_pk("people", facts["contact_person"])
    contact.hours_de, contact.hours_en = facts["phone_hours_de"], facts["phone_hours_en"]
    contact.page_id = loader.page_pk("pages/join")
    site.save()
    contact.save()
    loader.remember(item.key, site, item.digest)
