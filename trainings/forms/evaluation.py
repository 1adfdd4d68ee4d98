"""The anonymous questions after a run; every one may be left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cms.public_forms import PublicForm
from trainings.evaluating import asked
from trainings.forms.questions import field_of
from trainings.models import QuestionType, Run


class EvaluationForm(PublicForm):
    """The questions of the run, or the usual five."""

    def __init__(self, *args: Any, run: Run, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.asked = asked(run)
        for key, question in self.asked.items():
            self.fields[f"answer-{key}"] = field_of(question)

    def clean(self) -> dict[str, Any]:
        """Ask for one answer at least: an empty form helps nobody and would use up the right to answer."""
        cleaned = super().clean()
        if not self.errors and not self._given(cleaned):
            raise forms.ValidationError(_("Please answer at least one question."), "empty")
        return cleaned

    def _given(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        values = {key: cleaned.get(f"answer-{key}") for key in self.asked}
        return {key: self._stored(key, value) for key, value in values.items() if value not in (None, "", [])}

    def _stored(self, key: str, value: Any) -> Any:
        kind = self.asked[key].type
        if kind == QuestionType.YES_NO:
            return value == "yes"
        return int(value) if kind == QuestionType.SCALE else value

    @property
    def answers(self) -> dict[str, Any]:
        """Return what was answered, by the key of the question."""
        return self._given(self.cleaned_data)
