"""What is asked after a run, and what the answers say together: never single ones, and nothing below three."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from trainings.models import EvaluationResponse, Question, QuestionType, Run, Stage
from trainings.services.answering import questions
from trainings.services.closing import SMALLEST_COUNT

SCALE = range(1, 6)
SCALE_HINT = _("1 = not at all, 5 = fully")
STANDARD = {
    "content": _("I learned something new."),
    "use": _("I can use it in my work."),
    "organisation": _("Registration, information and organisation were good."),
    "access": _("I could take part well: place, technology, language, breaks."),
}
FREE_TEXT = {"change": _("What shall we keep, what shall we change?")}


def asked(run: Run) -> dict[str, Question]:
    """Return what is asked, by the key under which answers are kept: the run's own questions, else the usual five."""
    own = questions(run, Stage.EVALUATION)
    return {str(question.pk): question for question in own} if own else standard()


def standard() -> dict[str, Question]:
    """Return the usual five questions; they are rows of no table."""
    scales = {code: _question(text, QuestionType.SCALE, SCALE_HINT) for code, text in STANDARD.items()}
    return scales | {code: _question(text, QuestionType.LONG) for code, text in FREE_TEXT.items()}


def _question(text: Any, kind: QuestionType, hint: Any = "") -> Question:
    """Return a question in the active language; whoever stores one writes both languages instead."""
    words, help_text = str(text), str(hint)
    return Question(
        stage=Stage.EVALUATION, type=kind, label_de=words, label_en=words, help_de=help_text, help_en=help_text
    )


@dataclass
class Result:
    """What was answered to one question."""

    label: str
    count: int
    is_scale: bool = False
    average: float | None = None
    shares: list[tuple[str, int, int]] = field(default_factory=list)  # (answer, how often, per cent)
    texts: list[str] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        """Return whether enough people answered."""
        return self.count >= SMALLEST_COUNT


@dataclass
class Results:
    """What a run's answers say; `questions` stays empty until enough people answered."""

    count: int
    invited: int
    questions: list[Result]

    @property
    def missing(self) -> int:
        """Return how many answers are missing until results are shown."""
        return max(0, SMALLEST_COUNT - self.count)


def results(run: Run, *, invited: int) -> Results:
    """Return the answers to a run put together."""
    given = list(EvaluationResponse.objects.filter(run=run).order_by("id").values_list("answers", flat=True))
    if len(given) < SMALLEST_COUNT:
        return Results(len(given), invited, [])
    keys = {key for answers in given for key in answers}
    own = Question.objects.filter(pk__in=[key for key in keys if key.isdecimal()], form__run=run)
    known = standard() | {str(question.pk): question for question in own}
    return Results(len(given), invited, [_result(known[key], given, key) for key in known if key in keys])


def _result(question: Question, given: list[dict[str, Any]], key: str) -> Result:
    values = [answers[key] for answers in given if answers.get(key) not in (None, "", [])]
    found = Result(str(question.label), len(values), is_scale=question.type == QuestionType.SCALE)
    if not found.is_shown:
        return found
    if found.is_scale:
        numbers = [int(value) for value in values]
        found.average = sum(numbers) / len(numbers)
        found.shares = _shares(Counter(map(str, numbers)), [str(number) for number in SCALE], len(values))
    elif question.type in (QuestionType.TEXT, QuestionType.LONG):
        found.texts = [str(value) for value in values]
    else:
        words = [question.in_words(one) for value in values for one in (value if isinstance(value, list) else [value])]
        if question.type == QuestionType.CHOICES:
            words = [dict(question.options).get(word, word) for word in words]
        counted = Counter(words)
        found.shares = _shares(counted, [word for word, _count in counted.most_common()], len(values))
    return found


def _shares(counted: Counter[str], order: list[str], total: int) -> list[tuple[str, int, int]]:
    return [(code, counted[code], round(100 * counted[code] / total)) for code in order]
