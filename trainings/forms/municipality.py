"""The municipality, chosen from the register by typing or written freely; works without script."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from knowledge.place_names import candidates, label_of


class MunicipalityMixin(forms.Form):
    """One line of text; where the register has several of that name, a choice appears."""

    municipality = forms.CharField(
        label=_("Municipality or county"),
        max_length=160,
        help_text=_("Begin to type and choose from the list. Not on the list? Write it as you call it."),
        widget=forms.TextInput(attrs={"data-suggest": reverse_lazy("municipality_suggestions"), "autocomplete": "off"}),
    )
    which = forms.ChoiceField(label=_("Which one do you mean?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = candidates(self.data.get("municipality", "")) if self.is_bound else []
        if len(found) > 1:
            field: Any = self.fields["which"]
            field.choices = [(str(row.pk), f"{label_of(row)}, {row.get_state_display()}") for row in found]
        else:
            del self.fields["which"]
        self._found = found

    def clean_municipality(self) -> str:
        """Ask which one where a name is not unique."""
        text: str = self.cleaned_data["municipality"].strip()
        if len(self._found) > 1 and not self.data.get("which"):
            raise forms.ValidationError(_("There are several places of this name. Please choose below which one."))
        return text

    @property
    def municipality_id(self) -> int | None:
        """Return the row of the register, None for a place in own words."""
        if len(self._found) == 1:
            return self._found[0].pk
        chosen = self.cleaned_data.get("which", "")
        return next((row.pk for row in self._found if str(row.pk) == chosen), None)

    @property
    def municipality_text(self) -> str:
        """Return the own words where there is no row."""
        return "" if self.municipality_id else str(self.cleaned_data["municipality"])
