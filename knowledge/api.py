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
from cms.open_data import ADDRESS, CODES, DATE, NUMBER, TEXT
from cms.throttle import Limit, allow_read, client_address
from knowledge.models import ContactPerson, MunicipalityPage, ServiceCentrePage
from knowledge.models.care import confirmations
from knowledge.models.contacts import ConsentScope
from knowledge.network.asking import FACETS, FACETS_OF, RADII
from knowledge.network.directory import INDEXES, Directory, Row
from knowledge.network.entries import CENTRE, MEMBER
from knowledge.sources import NOTES

READERS = Limit("network api", most=300, seconds=60)
GEOJSON = "application/geo+json"
MODELS: dict[str, Any] = {MEMBER: MunicipalityPage, CENTRE: ServiceCentrePage}
PLURALS = {MEMBER: "members", CENTRE: "service-centres"}


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


# --- description -------------------------------------------------------------------------------------------------

_PERSON = open_data.schema(name=TEXT, function=TEXT, phone=TEXT, email=TEXT)
_PLACE = {
    **open_data.schema(
        name=TEXT, county=TEXT, state=TEXT, type=TEXT, ags=TEXT, ars=TEXT, population={"type": ["integer", "null"]}
    ),
    "type": ["object", "null"],
}
_COORDINATE = {"type": ["number", "null"]}
_PROFILE = {
    "id": {"type": "string", "format": "uuid"},
    "kind": TEXT,
    "title": TEXT,
    "description": TEXT,
    "url": ADDRESS,
    "municipality": _PLACE,
    "latitude": _COORDINATE,
    "longitude": _COORDINATE,
    "distance_km": _COORDINATE,
    "topics": CODES,
    "confirmed_on": DATE,
    "contacts": open_data.listed(_PERSON),
}
_YES_NO = {"type": "boolean"}
_OWN: dict[str, dict[str, Any]] = {
    MEMBER: {
        "member_status": TEXT,
        "member_since": {"type": ["integer", "null"]},
        "own_youth_office": {"type": ["boolean", "null"]},
        **dict.fromkeys(("partner_countries", "formats", "focus_groups"), CODES),
    },
    CENTRE: {
        **dict.fromkeys(
            ("area", "operator", "street", "postal_code", "city", "phone", "email", "booking_url", "vcard"), TEXT
        ),
        **dict.fromkeys(("services", "audience", "languages", "channels", "access"), CODES),
        **dict.fromkeys(("eurodesk", "sign_language", "easy_language"), _YES_NO),
    },
}
_FEATURE = open_data.schema(
    type=TEXT,
    id=TEXT,
    geometry=open_data.schema(type=TEXT, coordinates=open_data.listed({"type": "number"})),
    properties=open_data.schema(name=TEXT, description=TEXT, url=ADDRESS, kind=TEXT, language=TEXT),
)
_FEATURES = open_data.schema(type=TEXT, attribution=TEXT, licence=ADDRESS, features=open_data.listed(_FEATURE))


def paths() -> dict[str, Any]:
    """Return what OpenAPI says of these addresses."""
    with translation.override("en"):
        return {address: shape for kind in PLURALS for address, shape in _paths(kind).items()}


def _paths(kind: str) -> dict[str, Any]:
    name = PLURALS[kind]
    items = open_data.listed(open_data.schema(**_PROFILE, **_OWN[kind]))
    profiles = open_data.schema(language=TEXT, total=NUMBER, licence=ADDRESS, items=items)
    common = {"parameters": _parameters(kind)}
    operation = name.replace("-", "_")
    return {
        f"/api/{name}/": {
            "get": {"operationId": operation, **common, "responses": open_data.answers("All that fit.", profiles)}
        },
        f"/api/{name}.geojson": {
            "get": {
                "operationId": f"{operation}_geojson",
                **common,
                "responses": open_data.answers("Points, e.g. for uMap.", _FEATURES, content_type=GEOJSON),
            }
        },
    }


def _parameters(kind: str) -> list[dict[str, Any]]:
    language = {"type": "string", "enum": list(open_data.LANGUAGES), "default": "de"}
    facets = [open_data.parameter(one, f"Codes of the facet “{FACETS[one]}”.", CODES) for one in FACETS_OF[kind]]
    return [
        open_data.parameter("lang", "Language of the profiles.", language),
        open_data.parameter("near", "Name of a place of the register; the nearest come first.", TEXT),
        open_data.parameter("at", "Latitude and longitude instead of a name, e.g. 52.52,13.40.", TEXT),
        open_data.parameter("radius", "Kilometres around the place.", {"type": "integer", "enum": list(RADII)}),
        *facets,
    ]
