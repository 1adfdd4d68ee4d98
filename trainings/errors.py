"""What a registration can run into: one error class with a code for programs and a sentence for people."""

from __future__ import annotations

from typing import Any


class RegistrationError(Exception):
    """A rule of registration says no; `message` is a translated sentence, `field` the field it belongs to.

    `place` is the row of the field where a form has several.
    """

    def __init__(self, code: str, message: Any, *, field: str = "", place: int = 0) -> None:
        super().__init__(code)
        self.code, self.message, self.field, self.place = code, message, field, place


class BusyError(Exception):
    """Too many people at once: nothing was written, the same request may be sent again."""
