"""What every response says about security, caching, compression and language."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponseBase
from django.http.response import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.template import loader
from django.utils import translation
from django.utils.cache import has_vary_header, patch_vary_headers

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]

PUBLIC_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ADMIN_POLICY = {
    **PUBLIC_POLICY,
    "script-src": "'self' 'unsafe-inline'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "frame-src": "'self'",
    "base-uri": "'self'",
    "frame-ancestors": "'self'",
}
FILE_POLICY = {  # a browser shows pictures, films and PDF in a page of its own making, with its own styles
    "default-src": "'none'",
    "img-src": "'self'",
    "media-src": "'self'",
    "object-src": "'self'",
    "style-src": "'unsafe-inline'",
    "frame-ancestors": "'self'",
}
COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg")
STRICT_ADMIN_PATHS = ("/admin/login/", "/admin/password_reset/")
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope"),
        *("magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
    )
)

WITH_LOCATION = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")


class PolicyMiddleware:
    """Sends the Content-Security-Policy that belongs to the path; a view may add hosts of frames, nothing else.

    A page that shows somebody else's page after consent notes its host (`cms.embeds.open_policy`); a page with a
    button “near me” sets `response.may_locate = True`, and the browser asks its user.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = (
            WITH_LOCATION if getattr(response, "may_locate", False) else PERMISSIONS
        )
        hosts = getattr(request, "frame_hosts", ()) or getattr(response, "frame_hosts", ())
        response.frame_hosts = hosts  # type: ignore[attr-defined]  # a preview passes here twice
        response.headers["Content-Security-Policy"] = policy(request.path, hosts)
        return response


def policy(path: str, frame_hosts: Iterable[str] = ()) -> str:
    """Return the policy of a path: strict for visitors and at the login, looser for signed-in editors only."""
    rules = _rules(path)
    if hosts := list(frame_hosts):
        rules = {**rules, "frame-src": " ".join(hosts)}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _rules(path: str) -> dict[str, str]:
    if path.startswith("/admin/") and not path.startswith(STRICT_ADMIN_PATHS):
        return ADMIN_POLICY
    if path.startswith(("/media/", "/documents/")):
        return FILE_POLICY
    return PUBLIC_POLICY


class DatabaseTroubleMiddleware:
    """Answers 503 with the page for errors when the database is full, read-only, restarting or locked for too long.

    Views that hold what a visitor typed catch this themselves and show the filled form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Tell the visitor, and whoever watches, that it will pass."""
        if not isinstance(error, (OperationalError, InternalError)):
            return None
        logger.error("The database cannot be used", exc_info=error)
        headers = {"Retry-After": "60", "Cache-Control": "private, no-store"}
        return HttpResponse(loader.get_template("500.html").render(), status=503, headers=headers)


class ServerTimingMiddleware:
    """Tells signed-in staff how long a page took and how much of it the database; nobody else learns anything."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        queries: list[float] = []

        def timed(execute: Callable[..., Any], *args: Any) -> Any:
            started = time.perf_counter()
            try:
                return execute(*args)
            finally:
                queries.append(time.perf_counter() - started)

        began = time.perf_counter()
        with connection.execute_wrapper(timed):
            response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            whole = (time.perf_counter() - began) * 1000
            database = f'db;dur={sum(queries) * 1000:.1f};desc="{len(queries)} queries"'
            response.headers["Server-Timing"] = f"total;dur={whole:.1f}, {database}"
        return response


class CacheControlMiddleware:
    """Lets browsers keep anonymous pages but ask every time; keeps everything personal out of every cache.

    A view that knows better (files, feeds) sets Cache-Control itself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if is_personal(request, response):
            response.headers.setdefault("Cache-Control", "private, no-store")
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response


def is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Return whether an answer may differ from what any other visitor gets, or changed something."""
    return (
        request.method not in ("GET", "HEAD")
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or "Authorization" in request.headers
        or request.path.startswith("/admin/")
        or bool(response.cookies)
        or has_vary_header(response, "Cookie")
    )


class PublicGZipMiddleware(GZipMiddleware):
    """Compresses only what everybody may see: next to a secret, compression would help to guess it (BREACH)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leave personal answers and files alone."""
        is_public = "private" not in response.headers.get("Cache-Control", "")
        is_text = response.headers.get("Content-Type", "").startswith(COMPRESSIBLE)
        if not is_public or not is_text or response.streaming:
            return response
        return super().process_response(request, response)


class LanguageMiddleware(LocaleMiddleware):
    """Takes the language from the path, and from the browser only where the path has none.

    Unlike Django's, it never redirects an unknown address to one with a language prefix: it stays a 404.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        """Say which language the answer is in, and that it depended on the browser where it did."""
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not translation.get_language_from_path(request.path_info):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response
