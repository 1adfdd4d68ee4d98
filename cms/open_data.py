"""What the JSON interfaces share: answers for any site, and the words in which OpenAPI describes them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

LANGUAGES = ("de", "en")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CODES = {"type": "array", "items": {"type": "string"}}
TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
ADDRESS = {"type": "string", "format": "uri"}
DATE = {"type": ["string", "null"], "format": "date"}


def answer(body: dict[str, Any], *, status: int = 200, content_type: str = "application/json") -> HttpResponse:
    """Return JSON that any site may read, without credentials."""
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False}, content_type=content_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    return response


def language_of(request: HttpRequest) -> str | None:
    """Return the language that an address asks for, German without one; None for one we do not have."""
    language = request.GET.get("lang", "de")
    return language if language in LANGUAGES else None


def schema(**properties: Any) -> dict[str, Any]:
    """Describe an object all of whose properties are always there."""
    return {"type": "object", "required": [*properties], "properties": properties}


def listed(items: dict[str, Any]) -> dict[str, Any]:
    """Describe a list."""
    return {"type": "array", "items": items}


def parameter(name: str, text: str, shape: dict[str, Any]) -> dict[str, Any]:
    """Describe an optional parameter of the query string."""
    return {"name": name, "in": "query", "required": False, "description": text, "schema": shape}


def answers(text: str, shape: dict[str, Any], *, content_type: str = "application/json") -> dict[str, Any]:
    """Describe what comes back: the answer, an unknown language, too many requests."""
    return {
        "200": {"description": text, "content": {content_type: {"schema": shape}}},
        "400": {"description": "Unknown language."},
        "429": {"description": "Too many requests."},
    }
