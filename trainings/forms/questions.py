"""Turns the questions of a run into form fields and what was typed into answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trainings.models import Question, QuestionType

LONGEST = 2000


def field_of(question: Question) -> forms.Field:
    """Return the form field of a question; the hint says what the answer is needed for."""
    hint = " ".join(part for part in (question.help, question.purpose) if part)
    common: dict[str, Any] = {"label": question.label, "required": question.required, "help_text": hint}
    if question.type == QuestionType.LONG:
        return forms.CharField(max_length=LONGEST, widget=forms.Textarea, **common)
    if question.type == QuestionType.CHOICE:
        return forms.ChoiceField(choices=question.options, widget=forms.RadioSelect, **common)
    if question.type == QuestionType.CHOICES:
        return forms.MultipleChoiceField(choices=question.options, widget=forms.CheckboxSelectMultiple, **common)
    if question.type == QuestionType.YES_NO:
        return forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect, **common)
    if question.type == QuestionType.SCALE:
        choices = [(str(number), str(number)) for number in range(1, 6)]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    return forms.CharField(max_length=250, **common)


def name_of(question: Question) -> str:
    """Return the name of the field."""
    return f"question-{question.pk}"


def add_fields(form: forms.Form, questions: list[Question]) -> None:
    """Add the questions to a form."""
    for question in questions:
        form.fields[name_of(question)] = field_of(question)


def answers_of(cleaned: dict[str, Any], questions: list[Question]) -> dict[int, Any]:
    """Return what was answered, by question id; yes and no as booleans."""
    found = {}
    for question in questions:
        value = cleaned.get(name_of(question))
        if question.type == QuestionType.YES_NO and value:
            value = value == "yes"
        found[question.pk] = value
    return found
