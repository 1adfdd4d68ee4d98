"""vCards (version 3.0, which Outlook reads) of service centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import vobject

if TYPE_CHECKING:
    from knowledge.models import ServiceCentrePage


def service_centre_vcard(page: ServiceCentrePage) -> str:
    """Return the centre as a vCard; it names the centre, never a person."""
    card = vobject.vCard()
    card.add("fn").value = page.title
    card.add("n").value = vobject.vcard.Name(family=page.title)
    card.add("org").value = [part for part in (page.title, page.operator) if part]
    if page.phone:
        card.add("tel").value = page.phone
    if page.email:
        card.add("email").value = page.email
    if page.city:
        card.add("adr").value = vobject.vcard.Address(
            street=page.street, city=page.city, code=page.postal_code, country="Deutschland"
        )
    card.add("url").value = page.full_url or ""
    return str(card.serialize())
