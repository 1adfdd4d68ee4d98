"""What the site knows of people who look after profiles or are named on pages: found, handed out, erased."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.privacy import registry
from knowledge.models import ContactPerson, ProfileCare


def connect() -> None:
    """Register export and erasure; both end with the profile or the consent, not with a date."""
    registry.register_holder(
        registry.DataHolder(
            key="knowledge", label=_("Contact people and owners of profiles"), export=export, erase=erase
        )
    )


def export(email: str) -> list[dict[str, Any]]:
    """Return what is known of an address."""
    people = ContactPerson.objects.filter(email__iexact=email)
    shown = ("name", "function_de", "function_en", "organisation", "phone", "email", "hours_de", "hours_en")
    rows = [{"kind": "contact person", **{name: getattr(person, name) for name in shown}} for person in people]
    owned = ProfileCare.objects.filter(owner_email__iexact=email)
    return rows + [{"kind": "owner of a profile", "profile": row.title, "email": row.owner_email} for row in owned]


def erase(email: str) -> int:
    """Empty what names the person; return how many rows that were."""
    people = list(ContactPerson.objects.filter(email__iexact=email))
    for person in people:
        person.erase()
        person.save()
    owned = ProfileCare.objects.filter(owner_email__iexact=email)
    return len(people) + owned.update(owner_email="")
