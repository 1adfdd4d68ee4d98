"""The WSGI application in front of Django: answers what it has, asks Django for the rest."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from cms import version
from cms.moment import seconds_until_midnight
from cms.pagecache import told
from cms.pagecache.marking import Mark, mark_of, normal_query
from cms.pagecache.shelf import RENEW_AT, Answer, Headers, Key, Shelf, State

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
OK = "200 OK"
ASKED_AGAIN = (  # what would make Django answer with less than the whole page, or with a compressed one
    *("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"),
    *("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_ACCEPT_ENCODING"),
)
OURS = ("content-length", "content-encoding", "etag", "vary")
TOKEN = re.compile(r"([\w*-]+)(?:\s*;\s*q=([\d.]+))?")


class PageCache:
    """Keeps answers that Django marked, for visitors without session; everybody else goes past it."""

    def __init__(self, application: Application, most_bytes: int) -> None:
        self.application = application
        self.shelf = Shelf(most_bytes)
        self.prefixes = tuple(f"/{code}/" for code, _name in settings.LANGUAGES)
        self.personal = (settings.SESSION_COOKIE_NAME, "messages")
        proxy = settings.SECURE_PROXY_SSL_HEADER
        self.scheme_header = proxy[0] if proxy else ""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory, or let Django answer and keep what may be kept."""
        told.from_time_to_time(self.shelf)
        key = self.key(environ)
        try:
            if key is None or self.shelf.is_known_not_kept(key):
                return self._pass(environ, start_response)
            return self._answer(key, environ, start_response)
        except DatabaseError:  # before Django was asked; it knows how to open a new connection and what to say
            return self._pass(environ, start_response)

    def key(self, environ: Environ) -> Key | None:
        """Return under what an answer is kept; None for who goes past the cache.

        A foreign host never gets anything: Django refuses it, so that nothing is ever kept under its name.
        """
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return None
        path, host = environ["PATH_INFO"], environ.get("HTTP_HOST")
        if not host or not path.startswith(self.prefixes):
            return None
        cookie = environ.get("HTTP_COOKIE")
        if cookie and any(name in cookie for name in self.personal):
            return None
        query = normal_query(environ.get("QUERY_STRING", ""))
        if query is None:
            return None
        scheme = environ.get(self.scheme_header, "") if self.scheme_header else ""
        return (environ["wsgi.url_scheme"], scheme, host, path, query)

    def _pass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.shelf.count("passed")
        return self.application(environ, start_response)

    def _answer(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        for _try in range(2):
            answer = self.shelf.find(key)
            state = answer.state(time.monotonic()) if answer else State.OLD
            if answer and state is State.FRESH:
                return self._give("hits", answer, environ, start_response)
            if environ["REQUEST_METHOD"] == "HEAD":
                break
            if self.shelf.begin(key):
                return self._make(key, environ, start_response)
            if answer and state is State.STALE:
                return self._give("stale", answer, environ, start_response)
            self.shelf.wait(key)
        return self._pass(environ, start_response)

    def _give(
        self, how: str, answer: Answer, environ: Environ, start_response: StartResponse, *, is_new: bool = False
    ) -> Iterable[bytes]:
        self.shelf.count(how)
        if answer.on_hit and not is_new and environ["REQUEST_METHOD"] == "GET":
            answer.on_hit()
        form = answer.in_form(wanted_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if (known := environ.get("HTTP_IF_NONE_MATCH")) and is_known(known, form.etag):
            start_response("304 Not Modified", form.headers_without_body.copy())
            return []
        start_response(OK, form.headers.copy())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [form.body]

    def _make(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            whole = {name: value for name, value in environ.items() if name not in ASKED_AGAIN}
            said: list[Any] = []
            began, midnight = time.monotonic(), seconds_until_midnight()  # both before anything is read
            with version.making() as made:
                result = self.application({**whole, "QUERY_STRING": key[-1]}, lambda *args: said.append(args))
                mark = mark_of(result)
                status, headers = said[-1][0], said[-1][1]
                if mark is None or not made.may_be_kept or not may_be_given_to_all(status, headers, result):
                    if mark is None:
                        self.shelf.remember_not_kept(key)
                    self.shelf.count("passed")
                    start_response(*said[-1])
                    return result
                answer = _finished(headers, result, made, mark, began, midnight)
            self.shelf.put(key, answer)
            return self._give("misses", answer, environ, start_response, is_new=True)
        finally:
            self.shelf.end(key)


def may_be_given_to_all(status: str, headers: Headers, result: Any) -> bool:
    """Return whether an answer is whole and the same for everybody, whatever the page type says of itself."""
    if status != OK or getattr(result, "streaming", False):
        return False
    for name, value in headers:
        lower = name.lower()
        if lower == "set-cookie" or (lower == "cache-control" and ("private" in value or "no-store" in value)):
            return False
        if lower == "vary" and {part.strip().lower() for part in value.split(",")} - {"accept-encoding"}:
            return False
    return True


def _finished(headers: Headers, result: Any, made: version.Making, mark: Mark, began: float, midnight: float) -> Answer:
    try:
        body = b"".join(result)
    finally:
        result.close()
    ends_at = began + min(made.lasts, midnight)
    return Answer(
        headers=[pair for pair in headers if pair[0].lower() not in OURS] + [("Vary", "Accept-Encoding")],
        body=body,
        versions=tuple(made.versions.items()),
        renew_at=min(ends_at, began + made.lasts * RENEW_AT),
        ends_at=ends_at,
        on_hit=mark.on_hit,
    )


@lru_cache(maxsize=500)  # browsers say much the same
def wanted_encoding(accepted: str) -> str:
    """Return `br` or `gzip` where the browser takes it, empty otherwise."""
    for encoding in ("br", "gzip"):
        if encoding in accepted and any(name == encoding and q != "0" for name, q in TOKEN.findall(accepted)):
            return encoding
    return ""


def is_known(if_none_match: str, etag: str) -> bool:
    """Return whether the browser has this very answer already."""
    return if_none_match.strip() == "*" or etag in if_none_match
