"""Small forms of organisers; what they ask is checked again by the services."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from trainings.forms.municipality import MunicipalityMixin
from trainings.models import OnlineAccess, Registration, Run, Session
from trainings.reasons import CancelReason
from trainings.registration_states import RegistrationState
from trainings.services.booking import Person, Submission

CHOOSE = ("", _("Please choose"))
SEARCHED = (
    *("name", "email", "function", "booking__name", "booking__email", "booking__organisation"),
    *("booking__municipality__name", "booking__municipality_text"),
)


class SureForm(forms.Form):
    """A tick before what cannot be taken back."""

    sure = forms.BooleanField(
        label=_("Yes, I am sure"), error_messages={"required": _("Tick that you are sure.")}, required=True
    )


class CancelRunForm(SureForm):
    """Why the run does not take place."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[CHOOSE, *CancelReason.choices],
        help_text=_("This sentence stands in the mails, in the reader's language."),
    )
    field_order = ("reason", "sure")


class CapacityForm(forms.Form):
    """How many seats there are."""

    capacity = forms.IntegerField(
        label=_("Seats"), min_value=0, max_value=100_000, required=False, help_text=_("Empty means: no limit.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=100, required=False, help_text=_("For the log; please name no people.")
    )


class SessionForm(forms.ModelForm):
    """When and where a session takes place."""

    class Meta:
        model = Session
        fields = ("starts_at", "ends_at", "room")
        widgets = {"starts_at": AdminDateTimeInput, "ends_at": AdminDateTimeInput}


class MovedForm(SureForm):
    """Warn before everybody is told."""

    sure = forms.BooleanField(
        label=_("Yes, tell everybody with a seat"), error_messages={"required": _("Tick that you are sure.")}
    )


class OnlineAccessForm(forms.ModelForm):
    """How to get into an online session; an empty address removes it."""

    join_url = forms.URLField(label=_("address of the meeting"), max_length=500, required=False, assume_scheme="https")

    class Meta:
        model = OnlineAccess
        fields = ("join_url", "dial_in", "visible_hours_before")


class CopyForm(forms.Form):
    """The next run: its number and its first day."""

    number = forms.SlugField(label=_("Number"), max_length=20, help_text=_("Never changes, e.g. “2027-014”."))
    first_day = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("All dates and deadlines move by the same number of days."),
    )

    def clean_number(self) -> str:
        """Refuse a number that is taken."""
        number: str = self.cleaned_data["number"]
        if Run.objects.filter(number=number).exists():
            raise forms.ValidationError(_("This number is taken."))
        return number


class NoteForm(forms.Form):
    """What the organiser wants to remember."""

    note = forms.CharField(
        label=_("Note"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person may ask to read it. It is deleted with the registration."),
    )


class PersonForm(forms.Form):
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

    @property
    def person(self) -> Person:
        """Return what was typed."""
        return Person(**{name: self.cleaned_data[name] for name in ("name", "email", "function", "share_contact")})


class AddForm(MunicipalityMixin):
    """A registration by telephone or letter."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput)
    pool = forms.ChoiceField(label=_("Takes part"))
    name = forms.CharField(label=_("Name"), max_length=160)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Gets the confirmation. Without one, no mail is sent.")
    )
    function = forms.CharField(label=_("Function"), max_length=160, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    locale = forms.ChoiceField(label=_("Language of the mails"), choices=[("de", _("German")), ("en", _("English"))])
    reason = forms.CharField(
        label=_("Why by hand"), max_length=200, help_text=_("For example “by telephone”; kept as note.")
    )
    consent = forms.BooleanField(
        label=_("The person has agreed that this is stored for the event"),
        error_messages={"required": _("Without this consent nobody can be registered.")},
    )
    field_order = ("pool", "name", "email", "function", "organisation", "municipality", "which", "phone", "locale")

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"submission_id": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        pools: Any = self.fields["pool"]
        pools.choices = [(str(pool.pk), pool.get_mode_display()) for pool in run.pools.all()]

    @property
    def submission(self) -> Submission:
        """Return what was typed, as the service takes it."""
        data = self.cleaned_data
        return Submission(
            submission_id=data["submission_id"],
            name=data["name"],
            email=data["email"],
            locale=data["locale"],
            people=(Person(data["name"], data["email"], data["function"]),),
            pool_id=int(data["pool"]),
            phone=data["phone"],
            organisation=data["organisation"],
            municipality_id=self.municipality_id,
            municipality_text=self.municipality_text,
        )


class FilterForm(forms.Form):
    """Which participants are shown."""

    q = forms.CharField(label=_("Name, e-mail or place"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("Status"), required=False)
    pool = forms.ChoiceField(label=_("Takes part"), required=False)
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    requests = forms.BooleanField(label=_("Only who asked to cancel"), required=False)

    def __init__(self, data: Any, *, run: Run, places: list[tuple[int, str]]) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "state": [("", _("All")), *RegistrationState.choices],
            "pool": [("", _("All")), *((pool.pk, pool.get_mode_display()) for pool in run.pools.all())],
            "municipality": [("", _("All")), *places],
        }
        for name, values in choices.items():
            field: Any = self.fields[name]
            field.choices = values

    def narrow(self, rows: QuerySet[Registration]) -> QuerySet[Registration]:
        """Keep what was asked for; a value that does not exist keeps all."""
        self.is_valid()
        data = self.cleaned_data
        if text := data.get("q", "").strip():
            rows = rows.filter(Q(*((f"{name}__icontains", text) for name in SEARCHED), _connector=Q.OR))
        for name, lookup in (("state", "state"), ("pool", "pool_id"), ("municipality", "booking__municipality_id")):
            if data.get(name):
                rows = rows.filter(**{lookup: data[name]})
        return rows.filter(cancel_requested_at__isnull=False, state="confirmed") if data.get("requests") else rows


class LetterForm(forms.Form):
    """A mail to participants by status."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    states = forms.MultipleChoiceField(
        label=_("To people with this status"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one status.")},
    )
    pool = forms.ChoiceField(label=_("Takes part"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=150)
    text = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Greeting, name of the run, link to the own registration and farewell are added."),
    )
    subject_en = forms.CharField(label=_("Subject in English"), max_length=150, required=False)
    text_en = forms.CharField(
        label=_("Text in English"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("For people who registered in English; without it they get the text above."),
    )

    def __init__(self, *args: Any, run: Run, counts: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states: Any = self.fields["states"]
        labels = dict(RegistrationState.choices)
        states.choices = [(code, f"{label} ({counts[code]})") for code, label in labels.items() if counts.get(code)]
        pools: Any = self.fields["pool"]
        pools.choices = [("", _("All")), *((str(one.pk), one.get_mode_display()) for one in run.pools.all())]
        if run.pools.count() < 2:
            del self.fields["pool"]
