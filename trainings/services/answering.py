"""Answers to the questions of a run; sensitive ones go to a table of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trainings.models import Answer, FormVersion, Question, Registration, Run, SensitiveAnswer, Stage

NOTHING: tuple[Any, ...] = ("", None, [])


def current_form(run: Run) -> FormVersion | None:
    """Return the newest questions of a run, None where it asks nothing more."""
    return FormVersion.objects.filter(run=run).order_by("-version").prefetch_related("questions").first()


def questions(run: Run, stage: Stage) -> list[Question]:
    """Return the questions of one stage in their order."""
    form = current_form(run)
    return [question for question in form.questions.all() if question.stage == stage] if form else []


def known_questions(ids: Iterable[int]) -> dict[int, Question]:
    """Return questions by id; asks nothing when there are none."""
    wanted = set(ids)
    return {question.pk: question for question in Question.objects.filter(pk__in=wanted)} if wanted else {}


def first_answers(answered: Iterable[tuple[Registration, dict[int, Any]]], known: dict[int, Question]) -> None:
    """Write the answers of registrations that were just made: one statement for each of the two tables."""
    written: dict[type[Answer] | type[SensitiveAnswer], list[Any]] = {Answer: [], SensitiveAnswer: []}
    for registration, answers in answered:
        for pk, value in answers.items():
            model = SensitiveAnswer if known[pk].sensitive else Answer
            if value not in NOTHING:
                written[model].append(model(registration=registration, question=known[pk], value=value))
    for model, rows in written.items():
        if rows:
            model.objects.bulk_create(rows)


def save_answers(registration: Registration, answers: dict[int, Any]) -> None:
    """Write answers by question id; an empty one removes what was there."""
    known = known_questions(answers)
    for pk, value in answers.items():
        model: Any = SensitiveAnswer if known[pk].sensitive else Answer
        if value in NOTHING:
            model.objects.filter(registration=registration, question_id=pk).delete()
        else:
            model.objects.update_or_create(registration=registration, question_id=pk, defaults={"value": value})
