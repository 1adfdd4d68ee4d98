"""Forms for visitors: nothing typed is lost, bots are kept out without puzzles, errors are told where they are.

Honeypot, a signed start with a time, a throttle and Django's CSRF check: each only ever leads back to the filled
form with a sentence, never to an error page.
"""

from __future__ import annotations

import functools
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from cms.throttle import Limit, allow, client_address

logger = logging.getLogger(__name__)
SALT = "cms.public_forms"
VALID_FOR = 24 * 60 * 60
QUICKEST = 2.0  # seconds; nobody reads and fills a form faster
UNUSABLE = (OperationalError, InternalError)  # full, read-only, restarting, locked for too long
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Start:
    """When a form was opened, and the id that makes a second click harmless."""

    id: uuid.UUID
    opened_at: float

    @classmethod
    def now(cls) -> Start:
        """Return a fresh start."""
        return cls(uuid.uuid4(), time.time())

    @property
    def text(self) -> str:
        """Return what stands in the form."""
        return signing.dumps([self.id.hex, self.opened_at], salt=SALT)

    @classmethod
    def read(cls, text: str) -> Start | None:
        """Return the start of a form; None for a forged or a day-old one."""
        try:
            key, opened_at = signing.loads(text, salt=SALT, max_age=VALID_FOR)
            return cls(uuid.UUID(key), float(opened_at))
        except (signing.BadSignature, ValueError, TypeError):
            return None


class PublicForm(forms.Form):
    """What all forms of visitors share. Views set `request`; fields never rely on the browser's own checks."""

    website = forms.CharField(label=_("Leave this field empty"), required=False, max_length=1000)
    start = forms.CharField(widget=forms.HiddenInput, required=False)

    use_required_attribute = False
    limit: Limit | None = None

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.started = Start.read(self.data.get(self.add_prefix("start"), "")) or Start.now()
        self.is_fresh = bool(self.is_bound and Start.read(self.data.get(self.add_prefix("start"), "")))
        self.label_suffix = ""
        for field in self.fields.values():
            _plain(field)

    @property
    def start_text(self) -> str:
        """Return the signed start to print: the one that came, or a new one."""
        return self.started.text

    @property
    def submission_id(self) -> uuid.UUID:
        """Return the id under which the same click twice is one."""
        return self.started.id

    def clean(self) -> dict[str, Any]:
        """Keep out programs: each refusal is a sentence above the filled form."""
        cleaned = super().clean() or {}
        if getattr(self.request, "is_forged", False):
            raise forms.ValidationError(
                _("Your browser kept the form open for long or refuses our cookie. Please send it once more."), "forged"
            )
        if not self.is_fresh:
            raise forms.ValidationError(_("The form was open for more than a day. Please send it once more."), "stale")
        if cleaned.get("website") or time.time() - self.started.opened_at < QUICKEST:
            raise forms.ValidationError(_("That was very fast. Please send the form once more."), "bot")
        return cleaned

    def _post_clean(self) -> None:
        """Count only what would be accepted, so that mistakes cost nobody a try."""
        super()._post_clean()  # type: ignore[misc]  # Django's hook after `clean`, unknown to its stubs
        if not self.errors and self.limit is not None and not self.is_within(self.limit):
            text = _("Many forms came from your network. Please send it again in some minutes; nothing is lost.")
            self.add_error(None, forms.ValidationError(text, "throttled"))

    def is_within(self, limit: Limit, times: int = 1) -> bool:
        """Return whether the visitor's network sent few enough forms; where nothing can be counted, nobody is blamed."""
        address = client_address(self.request)
        try:
            return not address or allow(limit, address, times=times)
        except UNUSABLE:
            logger.exception("A form could not be counted")
            return True

    def add_not_saved(self, error: Exception) -> None:
        """Say that the database takes nothing at the moment: full, read-only, restarting. Called by the view."""
        logger.error("A form could not be saved", exc_info=error)
        text = _("At the moment we cannot store anything. Nothing you typed is lost: please send the form again later.")
        self.add_error(None, forms.ValidationError(text, "not_saved"))

    def full_clean(self) -> None:
        """Name the field in the sentence about what is missing: on top of the form it stands alone."""
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("Please fill in “%(label)s”.") % {"label": field.label}
        super().full_clean()

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Return (id of the field, error) for the list on top: the same words as at the field."""
        found = []
        for name, errors in self.errors.items():
            anchor = "" if name == "__all__" else str(self[name].id_for_label or self[name].auto_id)
            found += [(anchor, str(error)) for error in errors]
        return found

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        """Return the fields people fill in, in their order."""
        return [field for field in self.visible_fields() if field.name != "website"]


def _plain(field: forms.Field) -> None:
    """Say what is optional in words, not by the browser."""
    if isinstance(field.widget, forms.Textarea):
        field.widget.attrs.setdefault("rows", 4)


def keeps_input(view: View) -> View:
    """Let a view answer a failed CSRF check with the filled form: `request.is_forged` tells it.

    Where the database is gone, so that not even the form can be shown, a page without it keeps what was sent.
    """

    @csrf_exempt
    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.is_forged = False  # type: ignore[attr-defined]  # read by PublicForm
        if request.method == "POST":
            check = CsrfViewMiddleware(lambda _request: HttpResponse())
            check.process_request(request)
            plain_view: Any = lambda _request: None  # noqa: E731 - not exempt, so the check runs
            request.is_forged = check.process_view(request, plain_view, (), {}) is not None  # type: ignore[attr-defined]
        get_token(request)
        try:
            response = view(request, *args, **kwargs)
        except UNUSABLE as error:
            if request.method != "POST":
                raise
            response = _to_send_again(request, error)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def _to_send_again(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return a page with everything that was sent and a button that sends the same again; it asks no database."""
    logger.error("A form could not be taken", exc_info=error)
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {"sent": sent, "address": request.get_full_path()}
    return HttpResponse(get_template("not_saved.html").render(context), status=503, headers={"Retry-After": "60"})
