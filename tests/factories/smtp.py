"""A real SMTP server on this machine that takes, refuses or postpones mail as a test wants."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

Answer = Callable[[str], str | None]


class Sink:
    """What arrived, in the order of arrival, and how to answer at RCPT (None: accept)."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.raw: list[tuple[str, bytes]] = []  # return path and what came over the wire
        self.answer: Answer = lambda _address: None
        self.answer_data: Answer = lambda _address: None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if refusal := self.answer(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if refusal := self.answer_data(envelope.rcpt_tos[0]):
            return refusal
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.received.append(parsed)
        self.raw.append((envelope.mail_from, envelope.content))
        return "250 OK"

    def recipients(self) -> list[str]:
        return [str(message["To"]) for message in self.received]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def smtp_server(settings: Any, port: int | None = None) -> Iterator[Sink]:
    """Run the sink and let Django send there."""
    sink = Sink()
    use_smtp(settings, port or free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def use_smtp(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 3
