"""Answers to the questions of a run; sensitive ones go to a table of their own."""

from __future__ import annotations

from typing import Any

from trainings.models import Answer, FormVersion, Question, Registration, Run, SensitiveAnswer, Stage


def current_form(run: Run) -> FormVersion | None:
    """Return the newest questions of a run, None where it asks nothing more."""
    return FormVersion.objects.filter(run=run).order_by("-version").prefetch_related("questions").first()


def questions(run: Run, stage: Stage) -> list[Question]:
    """Return the questions of one stage in their order."""
    form = current_form(run)
    return [question for question in form.questions.all() if question.stage == stage] if form else []


def save_answers(registration: Registration, answers: dict[int, Any]) -> None:
    """Write answers by question id; an empty one removes what was there."""
    known = {question.pk: question for question in Question.objects.filter(pk__in=answers)}
    for pk, value in answers.items():
        model: Any = SensitiveAnswer if known[pk].sensitive else Answer
        if value in ("", None, []):
            model.objects.filter(registration=registration, question_id=pk).delete()
        else:
            model.objects.update_or_create(registration=registration, question_id=pk, defaults={"value": value})
