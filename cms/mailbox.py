"""Mail of an installation without a mail server: kept as files in a folder, shown to administrators."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage as ParsedMessage
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

SHOWN = 200
FILE_NAME = re.compile(r"[0-9TZ]+-[a-z0-9]+\.eml")


class FolderBackend(BaseEmailBackend):
    """Writes every mail as a file of its own into the mail folder; nothing leaves the machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages and return how many there were."""
        folder = mail_folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            _write(folder, message.message().as_bytes())
        return len(email_messages)


def _write(folder: Path, content: bytes) -> None:
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z-{get_random_string(6, 'abcdefghijkmnpqrstuvwxyz')}"
    draft = folder / f".{name}"
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.rename(folder / f"{name}.eml")  # a reader never sees half a mail


def mail_folder() -> Path:
    """Return where mail lands."""
    return Path(settings.MAIL_FOLDER)


@dataclass(frozen=True)
class Mail:
    """What the listing shows of one file."""

    name: str
    date: datetime
    sender: str
    recipients: str
    subject: str
    text: str
    attachments: list[str]


def latest(limit: int = SHOWN) -> list[Mail]:
    """Return the newest mails first."""
    files = sorted(mail_folder().glob("*.eml"), key=lambda file: file.name, reverse=True)
    return [read(file) for file in islice(files, limit)]


def read(file: Path) -> Mail:
    """Parse one file."""
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return Mail(
        name=file.name,
        date=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        sender=str(parsed["From"] or ""),
        recipients=str(parsed["To"] or parsed["Bcc"] or ""),
        subject=str(parsed["Subject"] or ""),
        text=_text(parsed),
        attachments=[part.get_filename() or part.get_content_type() for part in parsed.iter_attachments()],
    )


def _text(parsed: ParsedMessage) -> str:
    body: Any = parsed.get_body(preferencelist=("plain", "html"))
    return str(body.get_content()) if body else ""


def _only_administrators(request: HttpRequest) -> None:
    if not request.user.is_superuser:
        raise PermissionDenied


def index(request: HttpRequest) -> HttpResponse:
    """List the mails; personal data, so for administrators only."""
    _only_administrators(request)
    return render(request, "cms/mailbox/index.html", {"mails": latest(), "folder": mail_folder(), "limit": SHOWN})


def detail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail as plain text; HTML is shown as its source."""
    _only_administrators(request)
    file = mail_folder() / name
    if not FILE_NAME.fullmatch(name) or not file.is_file():
        raise Http404
    return render(request, "cms/mailbox/detail.html", {"mail": read(file)})


def is_local() -> bool:
    """Return whether mail lands in the folder at all."""
    return str(settings.EMAIL_BACKEND) == f"{FolderBackend.__module__}.{FolderBackend.__name__}"


class MailboxMenuItem(MenuItem):
    """Shown to administrators while mail lands in the folder."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide the item from everybody else."""
        return is_local() and bool(request.user.is_superuser)


@hooks.register("register_admin_urls")
def _urls() -> list[URLPattern]:
    return [
        path("mailbox/", index, name="mailbox"),
        path("mailbox/<str:name>/", detail, name="mailbox_detail"),
    ]


@hooks.register("register_reports_menu_item")
def _menu_item() -> MailboxMenuItem:
    return MailboxMenuItem(_("Mail on this machine"), reverse("mailbox"), name="mailbox", icon_name="mail", order=9000)
