"""Open data of the network: members and service centres as JSON and GeoJSON, with the filters of the directory.

People are in it only where they agreed to “feeds and open data of the network”.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from cms import open_data
from cms.throttle import Limit, allow_read, client_address
from knowledge.api_description import GEOJSON
from knowledge.models import ContactPerson, MunicipalityPage, ServiceCentrePage
from knowledge.models.care import confirmations
from knowledge.models.contacts import ConsentScope
from knowledge.network.directory import INDEXES, Directory, Row
from knowledge.network.entries import CENTRE, MEMBER
from knowledge.sources import NOTES

READERS = Limit("network api", most=300, seconds=60)
MODELS: dict[str, Any] = {MEMBER: MunicipalityPage, CENTRE: ServiceCentrePage}


@require_safe
def as_json(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer `?lang=…&state=…&topic=…&near=…&radius=…` with all that the profiles say."""
    return _answer(request, kind, _items, "application/json")


@require_safe
def as_geojson(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer the same with points, as uMap reads them: name, description, url and kind."""
    return _answer(request, kind, _features, GEOJSON)


def _answer(
    request: HttpRequest, kind: str, body: Callable[[Sequence[Row], str, str], dict[str, Any]], content_type: str
) -> HttpResponse:
    if not allow_read(READERS, client_address(request)):
        return open_data.answer({"error": "Too many requests. Please wait a minute."}, status=429)
    language = open_data.language_of(request)
    if language is None:
        return open_data.answer({"error": "lang must be de or en."}, status=400)
    index = INDEXES[kind].objects.visible().filter(locale__language_code=language).select_related("locale").first()
    with translation.override(language):
        rows = Directory(index, kind, _without_kind(request)).rows if index else []
        return open_data.answer(body(rows, kind, language), content_type=content_type)


def _without_kind(request: HttpRequest) -> Any:
    """Return the query string; each address has one kind."""
    query = request.GET.copy()
    query.pop("kind", None)
    return query


def _features(rows: Sequence[Row], kind: str, language: str) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "attribution": "; ".join(str(note) for note in NOTES),
        "licence": open_data.LICENCE,
        "features": [
            {
                "type": "Feature",
                "id": str(row.entry.key),
                "geometry": {"type": "Point", "coordinates": [row.entry.point[1], row.entry.point[0]]},
                "properties": {
                    "name": row.entry.title,
                    "description": row.entry.teaser,
                    "url": _full(row.entry.url),
                    "kind": kind,
                    "language": language,
                },
            }
            for row in rows
            if row.entry.point
        ],
    }


def _items(rows: Sequence[Row], kind: str, language: str) -> dict[str, Any]:
    pages = _pages(rows, kind)
    people = _people(pages.values(), kind)
    items = [_item(row, pages[row.entry.page_id], people) for row in rows if row.entry.page_id in pages]
    return {"language": language, "total": len(items), "licence": open_data.LICENCE, "items": items}


def _pages(rows: Sequence[Row], kind: str) -> dict[int, Any]:
    found = MODELS[kind].objects.filter(pk__in=[row.entry.page_id for row in rows]).select_related("municipality")
    return {page.pk: page for page in found}


def _people(pages: Any, kind: str) -> dict[int, list[ContactPerson]]:
    """Return the contact people of each page who agreed to open data, in one query."""
    keys = {page.pk: _person_keys(page, kind) for page in pages}
    wanted = {key for found in keys.values() for key in found}
    agreed = ContactPerson.objects.published().filter(consent_scope=ConsentScope.NETWORK, pk__in=wanted).in_bulk()
    people: dict[int, list[ContactPerson]] = defaultdict(list)
    for page_id, found in keys.items():
        people[page_id] = [agreed[key] for key in found if key in agreed]
    return people


def _person_keys(page: Any, kind: str) -> list[int]:
    if kind == MEMBER:
        return [page.contact_id] if page.contact_id else []
    return [block["value"] for block in page.contacts.raw_data if block["value"]]


def _item(row: Row, page: Any, people: dict[int, list[ContactPerson]]) -> dict[str, Any]:
    entry = row.entry
    confirmed_on = _confirmed_on(entry.key)
    return {
        "id": str(entry.key),
        "kind": entry.kind,
        "title": entry.title,
        "description": entry.teaser,
        "url": _full(entry.url),
        "municipality": _municipality(page.municipality),
        "latitude": entry.point[0] if entry.point else None,
        "longitude": entry.point[1] if entry.point else None,
        "distance_km": None if row.distance is None else round(row.distance, 1),
        "topics": list(entry.values("topic")),
        "confirmed_on": confirmed_on,
        "contacts": [
            {"name": person.name, "function": person.function, "phone": person.phone, "email": person.email}
            for person in people[page.pk]
        ],
        **(_member(page) if entry.kind == MEMBER else _centre(page)),
    }


def _confirmed_on(key: uuid.UUID) -> str | None:
    day = confirmations().get(key, (None, None))[0]
    return day.isoformat() if day else None


def _municipality(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    names = ("name", "county", "state", "type", "ags", "ars", "population")
    return {name: getattr(row, name) for name in names}


def _member(page: Any) -> dict[str, Any]:
    names = ("member_status", "member_since", "own_youth_office", "partner_countries", "formats", "focus_groups")
    return {name: getattr(page, name) for name in names}


def _centre(page: Any) -> dict[str, Any]:
    names = (
        *("area", "operator", "street", "postal_code", "city", "phone", "email", "booking_url"),
        *("services", "audience", "languages", "channels", "access", "eurodesk", "sign_language", "easy_language"),
    )
    vcard = {"vcard": f"{_full(page.url or '')}vcard/"}
    return {**{name: getattr(page, name) for name in names}, **vcard}


def _full(url: str) -> str:
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url
