"""vCards (version 3.0, which Outlook reads) of service centres."""

from __future__ import annotations

import datetime as dt
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
    if point := page.point:
        card.add("geo").value = f"{point[0]};{point[1]}"
    if services := page.labels("services"):
        card.add("categories").value = services
    card.add("note").value = "\n".join(part for part in (page.area, page.opening_note, page.booking_url) if part)
    card.add("url").value = page.full_url or ""
    if page.last_published_at:
        card.add("rev").value = page.last_published_at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    return str(card.serialize())
