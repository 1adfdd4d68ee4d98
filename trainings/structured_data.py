"""schema.org descriptions of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from cms.vocabularies import Mode

if TYPE_CHECKING:
    from trainings.models import OfferPage, Run

ATTENDANCE = {Mode.ONSITE: "Offline", Mode.ONLINE: "Online", Mode.HYBRID: "Mixed"}


def run_data(run: Run, page: OfferPage, request: HttpRequest) -> dict[str, Any]:
    """Return one run as EducationEvent with dates, place, mode, price and status."""
    url = page.get_full_url(request)
    data: dict[str, Any] = {
        "@type": "EducationEvent",
        "name": page.title,
        "url": url,
        "eventStatus": "https://schema.org/Event" + ("Cancelled" if run.cancelled_at else "Scheduled"),
        "eventAttendanceMode": f"https://schema.org/{ATTENDANCE[Mode(run.mode)]}EventAttendanceMode",
        "location": _location(run, url),
    }
    if run.starts_at and run.ends_at:
        data["startDate"] = run.starts_at.astimezone(run.timezone).isoformat()
        data["endDate"] = run.ends_at.astimezone(run.timezone).isoformat()
    if run.capacity is not None:
        data["maximumAttendeeCapacity"] = run.capacity
    if run.fee is not None:
        data["offers"] = {"@type": "Offer", "price": str(run.fee), "priceCurrency": "EUR", "url": url}
    return data


def _location(run: Run, url: str | None) -> dict[str, Any]:
    if run.mode == Mode.ONLINE:
        return {"@type": "VirtualLocation", "url": url}
    address = {
        "@type": "PostalAddress",
        "streetAddress": run.street,
        "postalCode": run.postal_code,
        "addressLocality": run.city,
        "addressCountry": "DE",
    }
    return {"@type": "Place", "name": run.venue or run.city, "address": address}
