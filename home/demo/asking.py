"""What the demo's runs ask, what its invented people answer, and the files they find afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainings.models import FormVersion, Question, Registration, Run, RunMaterial
from trainings.registration_states import TAKEN
from trainings.services.answering import current_form, save_answers

if TYPE_CHECKING:
    from home.demo.loader import Loader

ORGANISER = "demo-organisation"
Facts = dict[str, Any]


def add_questions(run: Run, questions: list[Facts]) -> None:
    """Write the questions of a run."""
    if not questions:
        return
    form = FormVersion.objects.create(run=run)
    for place, facts in enumerate(questions):
        texts = {name: value for name, value in facts.items() if name != "answers"}
        question = Question(form=form, sort_order=place, **texts)
        question.full_clean(exclude=["form"])
        question.save()


def add_answers(run: Run, questions: list[Facts]) -> None:
    """Let people with a seat answer in turn; an empty answer is none."""
    form = current_form(run)
    if form is None:
        return
    known = list(form.questions.all())
    rows = Registration.objects.filter(run=run, state__in=TAKEN).order_by("pk")
    for number, row in enumerate(rows):
        given = {
            question.pk: facts["answers"][number % len(facts["answers"])]
            for question, facts in zip(known, questions, strict=True)
        }
        save_answers(row, {pk: value for pk, value in given.items() if value})


def add_materials(run: Run, files: list[Facts], loader: Loader) -> None:
    """Give those who came what the run has left: slides, minutes."""
    for place, entry in enumerate(files):
        RunMaterial.objects.get_or_create(
            run=run, document_id=loader.document_pk(entry), defaults={"sort_order": place}
        )
