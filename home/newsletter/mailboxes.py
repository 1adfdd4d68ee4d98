"""Where reports of failure lie: a folder of files, a Maildir, an mbox file, or a mailbox on a server (IMAP)."""

from __future__ import annotations

import contextlib
import email
import imaplib
import mailbox
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

LARGEST = 2_000_000  # bytes; a report is small
TIMEOUT = 60


class MailboxError(Exception):
    """A mailbox that cannot be read."""


def read(source: str) -> Iterator[Message]:
    """Yield the mails of a source. Raises MailboxError. Mails on a server are marked as read after their turn."""
    if source.startswith(("imap://", "imaps://")):
        yield from _server(source)
        return
    path = Path(source)
    if (path / "cur").is_dir():
        yield from _closed(mailbox.Maildir(str(path), create=False))
    elif path.is_dir():
        yield from _files(sorted(one for one in path.iterdir() if one.is_file()))
    elif path.is_file() and path.read_bytes()[:5] == b"From ":
        yield from _closed(mailbox.mbox(str(path), create=False))
    elif path.is_file():
        yield from _files([path])
    else:
        raise MailboxError(f"There is no file or folder {source}")


def _closed(box: mailbox.Mailbox[Any]) -> Iterator[Message]:
    with contextlib.closing(box):
        yield from list(box)


def _files(paths: list[Path]) -> Iterator[Message]:
    for path in paths:
        if path.stat().st_size <= LARGEST:
            yield email.message_from_bytes(path.read_bytes())


def _server(source: str) -> Iterator[Message]:
    """Yield the unread mails of `imaps://user:password@host/folder`."""
    parts = urlsplit(source)
    kind = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    try:
        server = kind(parts.hostname or "", parts.port or (993 if parts.scheme == "imaps" else 143), timeout=TIMEOUT)
    except OSError as error:
        raise MailboxError(f"The mail server {parts.hostname} cannot be reached: {type(error).__name__}") from error
    try:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        if server.select(parts.path.strip("/") or "INBOX")[0] != "OK":
            raise MailboxError("The mailbox cannot be opened")
        yield from _unread(server)
    except imaplib.IMAP4.error as error:
        raise MailboxError("The mail server refuses our login") from error
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _unread(server: imaplib.IMAP4) -> Iterator[Message]:
    _status, found = server.search(None, "UNSEEN", "SMALLER", str(LARGEST))
    for number in (found[0] or b"").split():
        _status, parts = server.fetch(number.decode(), "(BODY.PEEK[])")
        content = next((part[1] for part in parts if isinstance(part, tuple)), b"")
        yield email.message_from_bytes(content)
        server.store(number.decode(), "+FLAGS", "\\Seen")
