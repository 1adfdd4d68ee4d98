"""JSON API of the search: the same request and answer as the page, for other sites. Described by OpenAPI."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from cms.throttle import Limit, allow_read, client_address
from search.finding import Found, plain
from search.labels import FACETS, kind_label
from search.places import EVERYWHERE, SEARCH, SORTS

READERS = Limit("search api", most=300, seconds=60)
LANGUAGES = ("de", "en")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answer `?q=…&lang=de&kind=…&step=…&page=…`."""
    if not allow_read(READERS, client_address(request)):
        return _json({"error": "Too many requests. Please wait a minute."}, status=429)
    language = request.GET.get("lang", "de")
    if language not in LANGUAGES:
        return _json({"error": "lang must be de or en."}, status=400)
    with translation.override(language):
        return _json(_answer(Found(SEARCH, request.GET, language)))


def _answer(found: Found) -> dict[str, Any]:
    return {
        "query": found.text,
        "language": found.locale,
        "total": found.total,
        "page": found.page_obj.number,
        "pages": found.page_obj.num_pages,
        "suggestion": found.suggestion,
        "engine": found.response.engine,
        "degraded": found.response.degraded,
        "hits": [
            {
                "id": row.id,
                "source_id": f"{row.kind}/{row.id}",
                "kind": row.kind,
                "kind_label": kind_label(row.kind),
                "title": plain(row.title),
                "url": f"{settings.SITE_URL}{row.url}" if row.url.startswith("/") else row.url,
                "highlight": [{"text": part.text, "match": part.is_match} for part in row.highlight],
                "steps": [step.code for step in row.steps],
                "topics": list(row.topics),
                "place": row.place,
                "date": row.date.isoformat() if row.date else None,
                "score": round(row.score, 4),
            }
            for row in found.rows
        ],
        "facets": {
            group.name: [
                {"code": one.value, "label": one.label, "count": one.count, "selected": one.checked}
                for one in group.options
            ]
            for group in found.groups
        },
    }


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI 3.1 description."""
    return _json(_description())


def _description() -> dict[str, Any]:
    with translation.override("en"):
        facets = [_parameter(name, f"Codes of the facet “{FACETS[name]}”.", _CODES) for name in EVERYWHERE]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Search of Kommune goes International",
            "version": "1",
            "license": {"name": "CC BY 4.0", "url": LICENCE},
        },
        "servers": [{"url": settings.SITE_URL}],
        "paths": {
            "/api/search/": {
                "get": {"operationId": "search", "parameters": [*_OWN_PARAMETERS, *facets], "responses": _ANSWERS}
            }
        },
    }


_CODES = {"type": "array", "items": {"type": "string"}}
_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*properties], "properties": properties}


_HIT = _object(
    id=_NUMBER,
    source_id=_TEXT,
    kind=_TEXT,
    kind_label=_TEXT,
    title=_TEXT,
    url={"type": "string", "format": "uri"},
    highlight={"type": "array", "items": _object(text=_TEXT, match={"type": "boolean"})},
    steps=_TEXTS,
    topics=_TEXTS,
    place=_TEXT,
    date={"type": ["string", "null"], "format": "date"},
    score={"type": "number"},
)
_VALUE = _object(code=_TEXT, label=_TEXT, count=_NUMBER, selected={"type": "boolean"})
_SCHEMA = {
    "type": "object",
    "required": ["total", "hits", "facets", "page", "pages"],
    "properties": {
        "query": _TEXT,
        "language": _TEXT,
        "total": _NUMBER,
        "page": _NUMBER,
        "pages": _NUMBER,
        "suggestion": _TEXT,
        "engine": _TEXT,
        "degraded": {"type": "boolean"},
        "hits": {"type": "array", "items": _HIT},
        "facets": {"type": "object", "additionalProperties": {"type": "array", "items": _VALUE}},
    },
}


def _parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


_OWN_PARAMETERS = [
    _parameter("q", "What is looked for; quoted phrases are exact, -word excludes.", {"type": "string"}),
    _parameter("lang", "Language of the pages.", {"type": "string", "enum": list(LANGUAGES), "default": "de"}),
    _parameter("sort", "Order of the hits.", {"type": "string", "enum": list(SORTS), "default": "relevance"}),
    _parameter("page", "Page of the hits, from 1.", {"type": "integer", "minimum": 1, "default": 1}),
]
_ANSWERS = {
    "200": {"description": "Hits, total and facets.", "content": {"application/json": {"schema": _SCHEMA}}},
    "400": {"description": "Unknown language."},
    "429": {"description": "Too many requests."},
}


def _json(body: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    return response
