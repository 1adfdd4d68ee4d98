"""Small forms of those who answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.vocabularies import MemberStatus, MunicipalityType, State
from home.joining import letters
from home.joining.admin.access import people
from home.joining.answers import steps
from home.joining.membership import NewPlace
from home.joining.models import Enquiry, EnquiryNote, Kind, Status

ALL = ("", _("All"))
NOBODY, MINE = "nobody", "mine"
WAITING, OVERDUE = "waiting", "overdue"


class FilterForm(forms.Form):
    """Which enquiries are shown; a value that does not exist keeps all."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[ALL, *Kind.choices], required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[ALL, (WAITING, _("To be answered")), (OVERDUE, _("Overdue")), *Status.choices],
        required=False,
    )
    who = forms.ChoiceField(label=_("Who answers"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["who"]
        own = [(MINE, _("I")), (NOBODY, _("Nobody yet"))]
        field.choices = [ALL, *own, *((str(user.pk), str(user)) for user in people())]

    def narrow(self, rows: Any, user: Any) -> Any:
        """Keep what was asked for."""
        self.is_valid()
        data = self.cleaned_data
        if data.get("kind"):
            rows = rows.filter(kind=data["kind"])
        if who := data.get("who"):
            rows = rows.filter(assignee=None if who == NOBODY else user.pk if who == MINE else int(who))
        status = data.get("status")
        if status in (WAITING, OVERDUE):
            return rows.waiting() if status == WAITING else rows.overdue()
        return (rows.filter(status=status) if status else rows).order_by("-created_at", "-pk")


class PlanForm(forms.ModelForm):
    """Who answers until when, and how far it is."""

    class Meta:
        model = Enquiry
        fields = ("status", "assignee", "due_on")
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assignee"]
        field.queryset, field.empty_label = people(), _("Nobody yet")


class NoteForm(forms.ModelForm):
    """What the colleagues should know."""

    class Meta:
        model = EnquiryNote
        fields = ("text",)
        labels = {"text": _("Note")}
        help_texts = {"text": _("The person may ask to read it. It is deleted with the enquiry.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}


class AnswerForm(forms.Form):
    """The answer as it leaves."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}))


class PlaceForm(forms.Form):
    """What the register does not know of a municipality."""

    name = forms.CharField(label=_("Name of the municipality"), max_length=120)
    type = forms.ChoiceField(label=_("Type"), choices=[("", _("Please choose")), *MunicipalityType.choices])
    state = forms.ChoiceField(label=_("Federal state"), choices=[("", _("Please choose")), *State.choices])
    county = forms.CharField(label=_("Name of the county"), max_length=120, required=False)

    @property
    def place(self) -> NewPlace:
        """Return the place."""
        return NewPlace(**self.cleaned_data)


class LetterForm(forms.Form):
    """A letter to members, and to whom it goes."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    audience = forms.MultipleChoiceField(
        label=_("To"),
        choices=[
            (letters.MUNICIPALITIES, _("contacts of municipalities")),
            (letters.CENTRES, _("service centres")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    states = forms.MultipleChoiceField(
        label=_("Federal states"),
        choices=State.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked means: all."),
    )
    types = forms.MultipleChoiceField(
        label=_("Types of municipality"),
        choices=MunicipalityType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    statuses = forms.MultipleChoiceField(
        label=_("Member status"),
        choices=MemberStatus.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of municipalities; service centres have none."),
    )
    steps = forms.MultipleChoiceField(
        label=_("At work on this step"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Municipalities that have planned or started the step. Leaves service centres out."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=150)
    text = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("With greeting and your name. Why the mail comes and how it ends is added. Replies go to you."),
    )
    subject_en = forms.CharField(label=_("Subject in English"), max_length=150, required=False)
    text_en = forms.CharField(
        label=_("Text in English"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("For contacts who do not speak German; without it they get the text above."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["steps"]
        field.choices = [(step.code, f"{step.number}. {step.name}") for step in steps()]

    @property
    def choice(self) -> letters.Choice:
        """Return to whom it goes."""
        names = ("audience", "states", "types", "statuses", "steps")
        return letters.Choice(**{name: self.cleaned_data[name] for name in names})

    @property
    def letter(self) -> letters.Letter:
        """Return what was written."""
        names = ("key", "subject", "text", "subject_en", "text_en")
        return letters.Letter(**{name: self.cleaned_data[name] for name in names})
