"""Forms of the Infobrief in the admin."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from home.newsletter.forms import StepField, TopicField
from home.newsletter.models import Bounce, Mailing, SubscriberState
from home.newsletter.models.subscribers import LANGUAGES
from knowledge.models import DevelopmentStep, Topic

MOST_TESTS = 10


class ScheduleForm(forms.Form):
    """When a mailing goes out; empty means now."""

    at = forms.DateTimeField(
        label=_("Goes out at"), required=False, widget=AdminDateTimeInput, help_text=_("Empty: at once.")
    )

    def clean_at(self) -> dt.datetime:
        """Refuse a moment that has passed."""
        moment: dt.datetime | None = self.cleaned_data["at"]
        if moment is not None and moment < timezone.now() - dt.timedelta(minutes=5):
            raise forms.ValidationError(_("This moment has passed."))
        return moment or timezone.now()


class SegmentForm(forms.ModelForm):
    """Only readers with certain interests; nothing chosen means all readers of the language."""

    steps = StepField(
        label=_("Only readers interested in these steps"),
        queryset=DevelopmentStep.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = TopicField(
        label=_("Only readers interested in these topics"),
        queryset=Topic.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Mailing
        fields = ("steps", "topics")


class TestForm(forms.Form):
    """Who gets the test."""

    addresses = forms.CharField(
        label=_("Addresses"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One a line, at most ten.")
    )

    def clean_addresses(self) -> list[str]:
        """Return the addresses; each must be one."""
        found = list(dict.fromkeys(self.cleaned_data["addresses"].replace(",", " ").replace(";", " ").split()))
        for address in found:
            validate_email(address)
        if len(found) > MOST_TESTS:
            raise forms.ValidationError(_("At most ten addresses."))
        return found


class ReaderFilter(forms.Form):
    """Narrows the list of readers."""

    q = forms.CharField(
        label=_("E-mail"), required=False, max_length=254, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *SubscriberState.choices])
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", _("All")), *LANGUAGES])

    def narrow(self, rows: Any) -> Any:
        """Return the rows that match; nonsense matches all."""
        data = self.cleaned_data if self.is_valid() else {}
        if data.get("q"):
            rows = rows.filter(email__icontains=data["q"].strip().replace("\x00", ""))
        if data.get("state"):
            rows = rows.filter(state=data["state"])
        return rows.filter(language=data["language"]) if data.get("language") else rows


class BounceForm(forms.Form):
    """A mail that came back, entered by hand."""

    kind = forms.ChoiceField(
        label=_("It came back"), choices=Bounce.Kind.choices, widget=forms.RadioSelect, initial="hard"
    )
