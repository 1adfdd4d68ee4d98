"""The editors' login: guessing passwords is slow, and nobody can lock out somebody else from afar.

Failed attempts count for the pair of address and user name, and for the address alone (many names, one password).
There is no count for the name alone: with it, anybody could keep an editor out.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext
from wagtail.admin.forms.auth import LoginForm

from cms.throttle import Limit, allow, client_address, give_back

QUARTER = 15 * 60
BY_NAME = Limit("login by name", most=10, seconds=QUARTER)
BY_ADDRESS = Limit("login by address", most=100, seconds=QUARTER)  # a whole town hall may share one address


class ThrottledLoginForm(LoginForm):
    """Asks the limits before the password is looked at; a right password costs nothing."""

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError when there were too many failed attempts."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            cleaned: dict[str, Any] = super().clean()
            return cleaned
        taken: list[tuple[Limit, tuple[str, ...]]] = []
        for limit, who in self._limits(name):
            if not allow(limit, *who):
                _give_back(taken)
                raise ValidationError(_too_many(limit), code="too_many_attempts")
            taken.append((limit, who))
        cleaned = super().clean()
        _give_back(taken)
        return cleaned

    def _limits(self, name: str) -> list[tuple[Limit, tuple[str, ...]]]:
        address = client_address(self.request)
        limits: list[tuple[Limit, tuple[str, ...]]] = [(BY_NAME, (address, name.casefold()))]
        return [*limits, (BY_ADDRESS, (address,))] if address else limits


def _give_back(taken: list[tuple[Limit, tuple[str, ...]]]) -> None:
    for limit, who in taken:
        give_back(limit, *who)


def _too_many(limit: Limit) -> str:
    minutes = limit.minutes_left()
    return ngettext(
        "Too many failed attempts. Please try again in %(minutes)s minute.",
        "Too many failed attempts. Please try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}
