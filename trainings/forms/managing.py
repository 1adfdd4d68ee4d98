"""Forms of the manage page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cms.public_forms import PublicForm
from trainings.forms.questions import add_fields, answers_of, name_of
from trainings.models import Answer, QuestionType, Registration, SensitiveAnswer, Stage
from trainings.services.answering import questions
from trainings.services.booking import Person

if TYPE_CHECKING:
    from trainings.managing import Manage


class SureForm(PublicForm):
    """Asks for a deliberate choice: some mail scanners press buttons."""

    sure = forms.TypedChoiceField(
        label=_("Are you sure?"),
        choices=[("yes", _("Yes")), ("no", _("No, go back"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose.")},
    )


class CancelForm(SureForm):
    """Which seats, and whether really."""

    seat = forms.MultipleChoiceField(
        label=_("Which seats?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one seat.")},
    )
    sure = forms.TypedChoiceField(
        label=_("Really cancel?"),
        choices=[("yes", _("Yes, cancel")), ("no", _("No, go back"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose.")},
    )
    field_order = ("seat", "sure")

    def __init__(self, *args: Any, found: Manage, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self._seats = [seat for seat in found.seats if seat.is_active and not seat.has_ended]
        if len(self._seats) < 2:
            del self.fields["seat"]
        else:
            field: Any = self.fields["seat"]
            field.choices = [(str(seat.pk), seat.name or _("Seat without a name")) for seat in self._seats]

    @property
    def seats(self) -> list[Registration]:
        """Return what shall be given back."""
        chosen = self.cleaned_data.get("seat")
        return self._seats if chosen is None else [seat for seat in self._seats if str(seat.pk) in chosen]


class DeleteForm(SureForm):
    """Whether really everything shall go."""

    sure = forms.TypedChoiceField(
        label=_("Really delete?"),
        choices=[("yes", _("Yes, delete everything")), ("no", _("No, go back"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose.")},
    )


class PersonEditForm(PublicForm):
    """Who sits on a seat."""

    name = forms.CharField(label=_("Name"), max_length=160)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Another address means another person: the old person's data is deleted, the seat stays."),
    )
    function = forms.CharField(label=_("Function"), max_length=160, required=False)
    share_contact = forms.BooleanField(
        label=_("Name, function and e-mail may be passed on to the other participants"), required=False
    )

    def __init__(self, *args: Any, seat: Registration, request: HttpRequest, **kwargs: Any) -> None:
        names = ("name", "email", "function", "share_contact")
        super().__init__(*args, request=request, initial={name: getattr(seat, name) for name in names}, **kwargs)

    @property
    def person(self) -> Person:
        """Return what was typed."""
        return Person(**{name: self.cleaned_data[name] for name in ("name", "email", "function", "share_contact")})


class AnswersForm(PublicForm):
    """Questions that are asked once a seat is certain; all of them free to leave out unless marked."""

    def __init__(self, *args: Any, seat: Registration, request: HttpRequest, **kwargs: Any) -> None:
        self.questions = questions(seat.run, Stage.AFTER)
        given: list[Answer | SensitiveAnswer] = [*seat.answers.all(), *seat.sensitive_answers.all()]
        values = {answer.question_id: answer.value for answer in given}
        initial = {}
        for question in self.questions:
            value = values.get(question.pk)
            if question.type == QuestionType.YES_NO and value is not None:
                value = "yes" if value else "no"
            initial[name_of(question)] = value
        super().__init__(*args, request=request, initial=initial, **kwargs)
        add_fields(self, self.questions)

    @property
    def answers(self) -> dict[int, Any]:
        """Return what was answered, by question id."""
        return answers_of(self.cleaned_data, self.questions)
