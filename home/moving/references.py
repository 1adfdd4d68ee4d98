"""Finds the rows that a line names: municipalities, topics, steps, people. Unknown ones are made or refused."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cms.vocabularies import MunicipalityType, State
from home.moving.lines import LineError
from knowledge.models import ContactPerson, DevelopmentStep, Municipality, Topic

TOWN_FIELDS = ("name", "type", "state", "county", "ars", "ags", "latitude", "longitude", "population", "source")
UNKNOWN = ("refuse", "create")


def person_key(person: ContactPerson) -> str:
    """Return the name by which a line refers to a person without telling who it is."""
    return hashlib.sha256(f"{person.name}|{person.email}".casefold().encode()).hexdigest()[:16]


def find_person(key: str) -> ContactPerson | None:
    """Return the person behind a key, None while there is no such record with consent."""
    return next((person for person in ContactPerson.objects.published() if person_key(person) == key), None)


def find_steps(codes: Any) -> list[DevelopmentStep]:
    """Return the steps of one code or several. Raises LineError for a code that is none."""
    wanted = [codes] if isinstance(codes, str) else codes
    known = {step.code: step for step in DevelopmentStep.objects.all()}
    for code in wanted:
        if not isinstance(code, str) or code not in known:
            raise LineError(_("Unknown step “%(code)s”. Known: %(known)s") % {"code": code, "known": ", ".join(known)})
    return [known[code] for code in dict.fromkeys(wanted)]


def find_topics(names: Any, *, unknown: str) -> list[Topic]:
    """Return topics by code or by name in either language."""
    wanted = [names] if isinstance(names, str) else names
    known: dict[str, Topic] = {}
    for topic in Topic.objects.all():
        known.update({text.casefold(): topic for text in (topic.name_en, topic.name, topic.slug)})
    found = {}
    for name in wanted:
        if not isinstance(name, str) or not slugify(name):
            raise LineError(_("A topic has no name."))
        topic = known.get(name.strip().casefold()) or _new_topic(name.strip(), unknown)
        found[topic.pk] = topic
    return list(found.values())


def _new_topic(name: str, unknown: str) -> Topic:
    if unknown != "create":
        raise LineError(_("Unknown topic “%(name)s”. --unknown create makes it.") % {"name": name})
    topic = Topic(name=name, name_en=name, slug=slugify(name)[:100])
    _checked(topic)
    topic.save()
    return topic


def find_municipality(named: Any, *, state: str = "", unknown: str) -> Municipality:
    """Return the municipality behind a key, a name, “name (county)”, or a description with several of these."""
    facts = _facts(named, state)
    found = _by_key(facts) or _by_name(facts)
    if found is not None:
        return found
    if unknown != "create":
        raise LineError(_("Unknown municipality “%(name)s”. --unknown create makes it.") % {"name": facts["name"]})
    if not facts.get("state"):
        raise LineError(_("The municipality “%(name)s” needs a “state”.") % {"name": facts["name"]})
    row = Municipality(**{"type": MunicipalityType.COMMUNE, "source": Municipality.Source.OWN, **facts})
    _checked(row)
    row.save()
    return row


def _facts(named: Any, state: str) -> dict[str, Any]:
    if isinstance(named, dict):
        facts = {name: value for name, value in named.items() if name in TOWN_FIELDS and value not in (None, "")}
        if facts.get("source") == Municipality.Source.REGISTER:
            del facts["source"]  # rows of the register come from the register only
    elif (text := str(named).strip()).isdigit():
        facts = {"ags" if len(text) in (5, 8) else "ars": text, "name": text}
    elif text.endswith(")") and " (" in text:
        name, _separator, county = text[:-1].rpartition(" (")
        facts = {"name": name, "county": county}
    else:
        facts = {"name": text}
    facts.setdefault("state", state)
    if facts["state"] and facts["state"] not in State.values:
        raise LineError(_("Unknown federal state “%(code)s”.") % {"code": facts["state"]})
    if not isinstance(facts.get("name"), str) or not facts["name"]:
        raise LineError(_("The municipality has no name."))
    return facts


def _by_key(facts: dict[str, Any]) -> Municipality | None:
    for name in ("ags", "ars"):
        if facts.get(name):
            return Municipality.objects.filter(**{name: facts[name]}).first()
    return None


def _by_name(facts: dict[str, Any]) -> Municipality | None:
    rows = Municipality.objects.filter(name=facts["name"])
    for name in ("county", "state"):
        if facts.get(name):
            rows = rows.filter(**{name: facts[name]})
    found = list(rows[:2]) if not facts.get("ags") else []
    if len(found) > 1:
        existing = list(rows.existing()[:2])
        if len(existing) == 1:
            return existing[0]
        raise LineError(
            _("“%(name)s” is the name of several municipalities: give county, state or key.") % {"name": facts["name"]}
        )
    return found[0] if found else None


def _checked(row: Any) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise LineError(f"{row}: {' '.join(error.messages)}") from error


def describe(row: Municipality) -> dict[str, Any]:
    """Return what another site needs to find or make this municipality."""
    return {name: getattr(row, name) for name in TOWN_FIELDS if getattr(row, name) not in (None, "")}
