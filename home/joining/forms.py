"""Forms of visitors: one page to ask, four short ones to join. Only what an answer needs is required."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.i18n import language_suffix
from cms.privacy import consents
from cms.public_forms import PublicForm
from cms.throttle import Limit
from home.joining.answers import steps
from home.joining.models import Kind, Sender, Standing, Wish
from home.joining.services import CONSENT, Submission
from trainings.forms.municipality import MunicipalityMixin

ENQUIRIES = Limit("enquiry", most=10, seconds=600)  # a whole town hall may share one address
LONGEST = 4000


class AddressFields(forms.Form):
    """How to answer, and the consent to keep it."""

    name = forms.CharField(label=_("Your name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send a link there, to see that the address is right, and then our answer."),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("If you prefer a call."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    consent = forms.BooleanField(error_messages={"required": _("Without this consent we cannot answer you.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = consents.current_text(CONSENT, language_suffix(get_language())).body


class AskForm(AddressFields, MunicipalityMixin, PublicForm):
    """A question, with as little about the person as an answer needs."""

    limit = ENQUIRIES
    kind = forms.ChoiceField(
        label=_("What can we do for you?"),
        choices=[(Kind.ASK, _("Answer a question")), (Kind.ADVICE, _("Advise our municipality"))],
        initial=Kind.ASK,
        widget=forms.RadioSelect,
    )
    message = forms.CharField(
        label=_("What is it about?"), max_length=LONGEST, widget=forms.Textarea, help_text=_("Three sentences will do.")
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    field_order = ("kind", "message", "municipality", "which", "organisation", "name", "email", "phone", "consent")
    only_kind = ""
    labels: dict[str, Any] = {}
    unwanted: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "municipality"):
            self.fields[name].required = False
        for name in self.unwanted:
            self.fields.pop(name, None)
        for name, (label, help_text) in self.labels.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text

    def submission(self, **where: Any) -> Submission:
        """Return what was typed, as the service takes it."""
        data = self.cleaned_data
        names = ("message", "organisation", "name", "phone")
        return Submission(
            submission_id=self.submission_id,
            kind=self.only_kind or data["kind"],
            email=data["email"],
            locale=get_language() or "",
            municipality_id=self.municipality_id if "municipality" in data else None,
            municipality_text=self.municipality_text if "municipality" in data else "",
            **{name: data.get(name, "") for name in names},
            **where,
        )


class FileForm(AskForm):
    """Asking for a file in a form that one can use."""

    only_kind = Kind.FILE
    unwanted = ("kind", "municipality", "which", "organisation")
    labels = {"message": (_("What do you need?"), _("For example a tagged PDF, plain text, large print or a summary."))}


class BarrierForm(AskForm):
    """Telling of a barrier (§ 12b BGG)."""

    only_kind = Kind.BARRIER
    unwanted = ("kind", "municipality", "which", "organisation")
    labels = {"message": (_("What could you not read or use?"), _("What did you want to do, and what happened?"))}


class WhoForm(MunicipalityMixin, PublicForm):
    """Who we are."""

    sender = forms.ChoiceField(label=_("For whom do you write?"), choices=Sender.choices, widget=forms.RadioSelect)
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        help_text=_("For example the youth office, or the association."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    role = forms.CharField(label=_("Your function"), max_length=160, required=False)

    field_order = ("sender", "municipality", "which", "organisation", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        field.required = self.data.get("sender") != Sender.INDIVIDUAL
        field.help_text = _(
            "Begin to type and choose from the list. Not on the list? Write it as you call it. If you write only for "
            "yourself, you may leave it empty."
        )


class StandingForm(PublicForm):
    """Where we stand in each of the six steps: a level, own words, or nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = steps()
        for step in self.steps:
            self.fields[f"level_{step.code}"] = forms.ChoiceField(
                label=_("How far are you?"), choices=[("", _("I cannot say")), *Standing.choices], required=False
            )
            words = forms.CharField(
                label=_("In your own words"),
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "class": "low"}),
            )
            self.fields[f"words_{step.code}"] = words

    @property
    def parts(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Return each step with its two fields."""
        return [(step, self[f"level_{step.code}"], self[f"words_{step.code}"]) for step in self.steps]


class WishForm(PublicForm):
    """What we want."""

    wishes = forms.MultipleChoiceField(
        label=_("What would you like?"),
        choices=Wish.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one wish.")},
        help_text=_("Several are possible."),
    )
    message = forms.CharField(
        label=_("Anything else we should know?"), max_length=LONGEST, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("sender") == Sender.INDIVIDUAL:
            field: Any = self.fields["wishes"]
            field.choices = [(code, label) for code, label in Wish.choices if code not in (Wish.JOIN, Wish.PARTNER)]


class ContactForm(AddressFields, PublicForm):
    """Whom to answer."""

    field_order = ("name", "email", "phone", "consent")


class CheckForm(PublicForm):
    """Sending: only here a try is counted."""

    limit = ENQUIRIES
