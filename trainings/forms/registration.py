"""The registration form: one person, or a group from one municipality."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.privacy import consents
from cms.public_forms import PublicForm
from cms.throttle import Limit
from trainings.forms.municipality import MunicipalityMixin
from trainings.forms.questions import add_fields, answers_of
from trainings.models import Run, Stage, normalised_email
from trainings.services.answering import questions
from trainings.services.booking import Person, Submission
from trainings.services.registering import MOST_SEATS

NAMELESS = Limit("seats without names", most=40, seconds=3600)  # one network must not block a run with empty rows
REGISTRATIONS = Limit("registration", most=20, seconds=600)  # a whole town hall may share one address
FEWEST_DIGITS = 5
PHONE_HINT = _("Only for questions at short notice.")


class PersonForm(forms.Form):
    """One seat of a group; may stay empty until the names are due."""

    name = forms.CharField(label=_("Name"), max_length=160, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For the calendar entry and the link to the own seat.")
    )
    function = forms.CharField(label=_("Function"), max_length=160, required=False)

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """Ask for a name where something else was typed."""
        cleaned = super().clean() or {}
        if (cleaned.get("email") or cleaned.get("function")) and not cleaned.get("name"):
            self.add_error("name", forms.ValidationError(_("Give the name too.")))
        return cleaned

    @property
    def person(self) -> Person:
        """Return the seat."""
        return Person(**{name: self.cleaned_data.get(name, "") for name in ("name", "email", "function")})


class RegistrationForm(MunicipalityMixin, PublicForm):
    """What a registration needs, and nothing else (`trainings.md` 2.9)."""

    limit = REGISTRATIONS
    last_fields = ("all_or_nothing", "share_contact", "invoice_address", "invoice_reference", "consent")

    pool = forms.ChoiceField(label=_("How do you take part?"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Your name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send a link there. The registration counts once you confirm it."),
    )
    function = forms.CharField(
        label=_("Function"), max_length=160, help_text=_("For example youth work officer, or head of a youth centre.")
    )
    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=PHONE_HINT,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    all_or_nothing = forms.BooleanField(
        label=_("We come only together"),
        required=False,
        help_text=_("If fewer seats are free, all of you go to the waiting list."),
    )
    invoice_address = forms.CharField(
        label=_("Address of the invoice"), max_length=500, required=False, widget=forms.Textarea
    )
    invoice_reference = forms.CharField(label=_("Your reference or Leitweg-ID"), max_length=80, required=False)
    share_contact = forms.BooleanField(
        label=_("My name, function and e-mail may be passed on to the other participants"),
        required=False,
        help_text=_("For the list of contacts after the event. You can change this at any time."),
    )
    consent = forms.BooleanField(error_messages={"required": _("Without this consent we cannot register you.")})

    field_order = ("pool", "name", "email", "function", "organisation", "municipality", "which", "phone")

    def __init__(self, *args: Any, run: Run, is_group: bool, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.run, self.is_group = run, is_group
        self.questions = [] if is_group else questions(run, Stage.APPLY)
        self._choose_pools()
        unwanted = ["function", "share_contact"] if is_group else ["all_or_nothing"]
        if not run.ask_invoice:
            unwanted += ["invoice_address", "invoice_reference"]
        for name in unwanted:
            del self.fields[name]
        consent = self.fields.pop("consent")
        consent.label = consents.current_text("registration", self.language).body
        add_fields(self, self.questions)
        self.fields["consent"] = consent

    def clean_phone(self) -> str:
        """Refuse what nobody can call; how a number is written is left to people."""
        phone: str = self.cleaned_data["phone"].strip()
        if phone and (sum(sign.isdigit() for sign in phone) < FEWEST_DIGITS or "@" in phone):
            raise forms.ValidationError(_("Give the number with its area code, for example 030 123456."))
        return phone

    @property
    def language(self) -> str:
        """Return the language of the form, which is the language of all mails."""
        return "en" if (get_language() or "").startswith("en") else "de"

    def _choose_pools(self) -> None:
        pools = list(self.run.pools.all())
        if len(pools) < 2:
            del self.fields["pool"]
            return
        field: Any = self.fields["pool"]
        field.choices = [(str(pool.pk), pool.get_mode_display()) for pool in pools]

    @cached_property
    def people(self) -> list[PersonForm]:
        """Return the rows of a group."""
        rows = range(self.row_count) if self.is_group else ()
        data = self.data if self.is_bound else None
        return [PersonForm(data, prefix=f"p{number}") for number in rows]

    @property
    def row_count(self) -> int:
        """Return how many seats are asked for, from the form or the address; between 2 and 20."""
        wanted = self.data.get("seats") or self.request.GET.get("seats", "")
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 4 else 3
        return max(2, min(MOST_SEATS, number))

    def is_valid(self) -> bool:
        """Check the rows of a group too."""
        rows_are_valid = all([row.is_valid() for row in self.people])  # noqa: C419 - every row shall tell its errors
        return super().is_valid() and rows_are_valid and self._has_no_doubles() and self._names_enough()

    def _names_enough(self) -> bool:
        """Count seats without names by network, so that nobody blocks a run with empty rows."""
        nameless = sum(not row.cleaned_data.get("name") for row in self.people)
        if not nameless or self.is_within(NAMELESS, nameless):
            return True
        text = _("Very many seats without names were asked for from your network. Give the names, or wait an hour.")
        self.add_error(None, forms.ValidationError(text, "nameless"))
        return False

    def _has_no_doubles(self) -> bool:
        seen: set[str] = set()
        for row in self.people:
            address = normalised_email(row.cleaned_data.get("email") or "")
            if address and address in seen:
                row.add_error("email", forms.ValidationError(_("This address stands above already.")))
                return False
            seen.add(address)
        if self.is_group and not self.run.names_due and not all(row.cleaned_data.get("name") for row in self.people):
            row = next(row for row in self.people if not row.cleaned_data.get("name"))
            row.add_error("name", forms.ValidationError(_("Give the name.")))
            return False
        return True

    @property
    def problems(self) -> list[tuple[str, str]]:
        """List the errors of the rows after those of the form."""
        found = super().problems
        for number, row in enumerate(self.people, 1):
            for name, errors in row.errors.items():
                text = _("Person %(number)s: %(error)s")
                found += [(row[name].id_for_label, text % {"number": number, "error": error}) for error in errors]
        return found

    def submission(self) -> Submission:
        """Return what was typed, as the service takes it."""
        data = self.cleaned_data
        people = tuple(row.person for row in self.people) if self.is_group else (self._myself(),)
        return Submission(
            submission_id=self.submission_id,
            name=data["name"],
            email=data["email"],
            locale=self.language,
            people=people,
            pool_id=int(data["pool"]) if data.get("pool") else None,
            phone=data.get("phone", ""),
            organisation=data["organisation"],
            municipality_id=self.municipality_id,
            municipality_text=self.municipality_text,
            invoice_address=data.get("invoice_address", ""),
            invoice_reference=data.get("invoice_reference", ""),
            all_or_nothing=bool(data.get("all_or_nothing")),
            is_group=self.is_group,
        )

    def _myself(self) -> Person:
        data = self.cleaned_data
        return Person(
            name=data["name"],
            email=data["email"],
            function=data["function"],
            share_contact=bool(data.get("share_contact")),
            answers=answers_of(data, self.questions),
        )
