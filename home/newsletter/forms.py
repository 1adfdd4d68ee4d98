"""Forms of readers: an address and a language are enough."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.i18n import language_suffix
from cms.public_forms import PublicForm
from cms.throttle import Limit
from home.newsletter.models import Subscriber
from home.newsletter.models.subscribers import LANGUAGES
from home.newsletter.services.subscribing import Wishes
from knowledge.models import DevelopmentStep, Topic

SIGN_UPS = Limit("infobrief", most=20, seconds=600)  # a whole town hall may share one address
PAUSES = {"0": 0, "3": 90, "6": 180, "12": 365}  # months: days
ISSUES, ALERTS = "issues", "alerts"
WANTED = [
    (ISSUES, _("The Infobrief, three to four times a year")),
    (ALERTS, _("New offers and materials on the chosen steps and topics, at most one mail a day")),
]


def email_field(label: Any) -> forms.EmailField:
    """Return the field for an address."""
    return forms.EmailField(
        label=label, max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    )


class StepField(forms.ModelMultipleChoiceField):
    """Steps to tick."""

    def label_from_instance(self, obj: Any) -> str:
        """Name the step with its number."""
        return str(obj)


class TopicField(forms.ModelMultipleChoiceField):
    """Topics to tick."""

    def label_from_instance(self, obj: Any) -> str:
        """Name the topic in the active language."""
        return str(obj.label)


class WishesForm(PublicForm):
    """What somebody wants to read, and in which language."""

    language = forms.ChoiceField(label=_("Language of the mails"), choices=LANGUAGES, widget=forms.RadioSelect)
    wanted = forms.MultipleChoiceField(
        label=_("What would you like to get?"), choices=WANTED, required=False, widget=forms.CheckboxSelectMultiple
    )
    steps = StepField(
        label=_("Development steps"),
        queryset=DevelopmentStep.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = TopicField(
        label=_("Topics"), queryset=Topic.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a step or a topic where somebody wants to hear of what is new on them."""
        cleaned = super().clean()
        chosen = list(cleaned.get("steps") or []) + list(cleaned.get("topics") or [])
        if ALERTS in cleaned.get("wanted", []) and not chosen and "steps" not in self.errors:
            self.add_error("steps", forms.ValidationError(_("Choose at least one step or one topic.")))
        return cleaned

    @property
    def wishes(self) -> Wishes:
        """Return what was chosen, as the services take it."""
        data = self.cleaned_data
        return Wishes(
            language=data["language"],
            wants_issues=ISSUES in data["wanted"],
            wants_alerts=ALERTS in data["wanted"],
            steps=list(data["steps"]),
            topics=list(data["topics"]),
        )


class SubscribeForm(WishesForm):
    """The sign-up: steps and topics may stay as they are."""

    limit = SIGN_UPS
    email = email_field(_("Your e-mail"))
    field_order = ("email", "language")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        steps = DevelopmentStep.objects.filter(code=request.GET.get("step", "")[:20].replace("\x00", ""))
        topics = Topic.objects.filter(slug=request.GET.get("topic", "")[:100].replace("\x00", ""))
        self.initial = {
            "language": language_suffix(get_language()),
            "steps": list(steps),
            "topics": list(topics),
            "wanted": [ALERTS] if steps or topics else [ISSUES],
        }

    @property
    def shows_more(self) -> bool:
        """Return whether the part with steps and topics stands open: chosen by a link, or something is wrong there."""
        return self.is_bound or bool(self.initial["steps"] or self.initial["topics"])

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two lists."""
        cleaned = super().clean()
        if not cleaned.get("wanted") and "wanted" not in self.errors:
            self.add_error("wanted", forms.ValidationError(_("Choose what you would like to get.")))
        return cleaned


class PreferencesForm(WishesForm):
    """The settings of a reader."""

    pause = forms.ChoiceField(
        label=_("Pause"),
        required=False,
        choices=[
            ("0", _("No pause")),
            ("3", _("Pause for three months")),
            ("6", _("Pause for half a year")),
            ("12", _("Pause for a year")),
        ],
        help_text=_("Nothing comes in this time. Afterwards it goes on by itself."),
    )
    field_order = ("language", "wanted", "steps", "topics", "pause")

    def __init__(self, *args: Any, row: Subscriber, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.row = row
        wanted = [name for name, is_on in ((ISSUES, row.wants_issues), (ALERTS, row.wants_alerts)) if is_on]
        field: Any = self.fields["pause"]
        if row.paused_until and row.paused_until >= timezone.localdate():
            field.choices = [("keep", _("Keep the pause")), *field.choices]
        self.initial = {
            "language": row.language,
            "wanted": wanted,
            "steps": list(row.steps.all()),
            "topics": list(row.topics.all()),
            "pause": field.choices[0][0],
        }

    @property
    def paused_until(self) -> dt.date | None:
        """Return the last day of the pause."""
        chosen = self.cleaned_data.get("pause") or "0"
        if chosen == "keep":
            return self.row.paused_until
        return timezone.localdate() + dt.timedelta(days=PAUSES[chosen]) if PAUSES[chosen] else None


class AddressForm(PublicForm):
    """An address: for a new link, or a new address of a reader."""

    limit = SIGN_UPS
    email = email_field(_("Your e-mail"))


class SureForm(PublicForm):
    """A deliberate tick."""

    sure = forms.BooleanField(label=_("Yes, delete my data"), error_messages={"required": _("Tick that you are sure.")})
