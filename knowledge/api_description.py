"""The open data of the network in the words of OpenAPI; the search prints it together with its own."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from cms import open_data
from cms.open_data import ADDRESS, CODES, DATE, NUMBER, TEXT
from knowledge.network.asking import FACETS, FACETS_OF, RADII
from knowledge.network.entries import CENTRE, MEMBER

GEOJSON = "application/geo+json"
PLURALS = {MEMBER: "members", CENTRE: "service-centres"}
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
