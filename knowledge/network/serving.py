"""Answers with the directory; these pages alone may ask the browser where it is, and only after a click."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from knowledge.network.alike import Alike
from knowledge.network.directory import Directory


def directory(page: Any, request: HttpRequest, kind: str) -> HttpResponse:
    """Show the map and the list of what is wanted."""
    response: HttpResponse = page.render(
        request,
        context_overrides={"directory": Directory(page, kind, request.GET)},
        template="knowledge/directory.html",
    )
    response.may_locate = True  # type: ignore[attr-defined]  # read by PolicyMiddleware
    return response


def alike(page: Any, request: HttpRequest) -> HttpResponse:
    """Show the members that resemble a municipality."""
    response: HttpResponse = page.render(
        request, context_overrides={"alike": Alike(page, request.GET)}, template="knowledge/alike.html"
    )
    return response
