"""The guided form: four short pages and one to check, carried along in the form itself, so it needs no session.

What other pages asked comes back as hidden fields and is checked again before it is kept: nobody has to be trusted.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, gettext_lazy

from cms.public_forms import PublicForm
from home.joining.answers import Lines, standing_lines, wish_line
from home.joining.forms import CheckForm, ContactForm, StandingForm, WhoForm, WishForm
from home.joining.models import Kind, Sender, Wish
from home.joining.services import Submission
from knowledge.models import Municipality

FORMS: dict[str, type[PublicForm]] = {
    "who": WhoForm,
    "standing": StandingForm,
    "wishes": WishForm,
    "contact": ContactForm,
    "check": CheckForm,
}
TITLES = {
    "who": gettext_lazy("Who are you?"),
    "standing": gettext_lazy("Where do you stand?"),
    "wishes": gettext_lazy("What would you like?"),
    "contact": gettext_lazy("How do we reach you?"),
    "check": gettext_lazy("Please check your answers"),
}
ALWAYS = ("start", "website")


class Wizard:
    """One request of the guided form."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.data: QueryDict = request.POST
        self.step = self.data.get("step", "who") if self.data.get("step", "who") in FORMS else "who"
        self._forms: dict[str, Any] = {}

    @property
    def order(self) -> list[str]:
        """Return the pages; somebody who writes for themselves has no steps to tell of."""
        is_alone = self.data.get("sender") == Sender.INDIVIDUAL
        return [name for name in FORMS if name != "standing" or not is_alone]

    def form(self, name: str) -> Any:
        """Return the form of a page with what was typed so far."""
        if name not in self._forms:
            data = self.data if self.request.method == "POST" else None
            self._forms[name] = FORMS[name](data, request=self.request)
        return self._forms[name]

    def go(self) -> tuple[str, bool]:
        """Return which page is next, and whether all is ready to be kept. Errors stand in the form of that page."""
        wish = self.data.get("go", "next")
        if wish == "send":
            return self._send()
        if wish in self.order:
            return self._quietly(wish)
        if wish == "back":
            return self._quietly(self.order[max(0, self._place() - 1)])
        if not self.form(self.step).is_valid():
            return self.step, False
        is_correction = bool(self.data.get("checked"))
        return self._quietly("check" if is_correction else self.order[min(len(self.order) - 1, self._place() + 1)])

    def _place(self) -> int:
        return self.order.index(self.step) if self.step in self.order else 0

    def _send(self) -> tuple[str, bool]:
        for name in self.order:
            if not self.form(name).is_valid():
                return name, False
        return "check", True

    def _quietly(self, name: str) -> tuple[str, bool]:
        """Show a page without a word about what is missing yet."""
        form = self.form(name)
        form.is_valid()
        form.errors.clear()
        return name, False

    def hidden(self, name: str) -> list[tuple[str, str]]:
        """Return what the other pages asked, to be carried along."""
        known = {field for page in self.order if page not in (name, "check") for field in self.form(page).fields}
        shown = set(self.form(name).fields)
        wanted = (known | {"which"}) - shown - {*ALWAYS} | ({"checked"} if name != "check" else set())
        return [(key, value) for key in self.data if key in wanted for value in self.data.getlist(key)]

    def summary(self) -> list[tuple[str, Any, Lines]]:
        """Return the answers of each page in words, without what stayed empty."""
        return [(name, TITLES[name], self._lines(name)) for name in self.order if name != "check"]

    def _lines(self, name: str) -> Lines:
        form = self.form(name)
        form.is_valid()
        data = form.cleaned_data
        if name == "standing":
            return standing_lines(*_standings(data))
        found = []
        for field in form.shown_fields:
            value = data.get(field.name)
            if value and field.name not in ("consent", "which"):
                found.append((str(field.label), self._in_words(field.name, value)))
        return found

    def _in_words(self, name: str, value: Any) -> str:
        if name == "sender":
            return str(Sender(value).label)
        if name == "wishes":
            return wish_line(value)
        row = (
            Municipality.objects.filter(pk=self.form("who").municipality_id).first() if name == "municipality" else None
        )
        return f"{row}, {row.get_state_display()}" if row else str(value)

    def submission(self) -> Submission:
        """Return what was typed on all pages, as the service takes it. Every form is valid."""
        who, wishes, contact = (self.form(name).cleaned_data for name in ("who", "wishes", "contact"))
        standings, words = _standings(self.form("standing").cleaned_data) if "standing" in self.order else ({}, {})
        return Submission(
            submission_id=self.form("check").submission_id,
            kind=Kind.JOIN if Wish.JOIN in wishes["wishes"] else Kind.ADVICE,
            email=contact["email"],
            locale=get_language() or "",
            name=contact["name"],
            phone=contact["phone"],
            sender=who["sender"],
            organisation=who["organisation"],
            role=who["role"],
            municipality_id=self.form("who").municipality_id,
            municipality_text=self.form("who").municipality_text,
            standings=standings,
            words=words,
            wishes=wishes["wishes"],
            message=wishes["message"],
        )


def _standings(data: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Return levels and own words by step, without what stayed empty."""
    return _below("level_", data), _below("words_", data)


def _below(prefix: str, data: dict[str, Any]) -> dict[str, str]:
    return {key.removeprefix(prefix): text for key, text in data.items() if key.startswith(prefix) and text}
