"""The questions of a run: a version that somebody has answered never changes, it is followed by a new one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from cms.privacy import audit
from trainings.models import FormVersion, Question, Run
from trainings.services.answering import current_form
from trainings.services.running import RUN


@transaction.atomic
def save_questions(run: Run, questions: list[Question], *, actor: Any) -> FormVersion:
    """Write the questions in their order; the rows hold what was typed. Return the version that counts from now on.

    A question that stays as it was in a version in use is copied: the answers given stay with the old one.
    """
    form = current_form(run)
    if form is None or form.is_in_use:
        form = _next_version(run)
        for question in questions:
            question.pk, question._state.adding = None, True
    kept = {question.pk for question in questions if question.pk}
    form.questions.exclude(pk__in=kept).delete()
    for place, question in enumerate(questions):
        question.form, question.sort_order = form, place
        question.full_clean(exclude=["form"])
        question.save()
    audit.note("questions", subject=(RUN, run.pk), actor=actor, version=form.version, count=len(questions))
    return form


def _next_version(run: Run) -> FormVersion:
    last = FormVersion.objects.filter(run=run).aggregate(last=Max("version"))["last"] or 0
    return FormVersion.objects.create(run=run, version=last + 1)
