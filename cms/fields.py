"""Model fields that several apps share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

Options = Iterable[tuple[str, Any]] | Callable[[], Iterable[tuple[str, Any]]]


class ChoiceListField(models.JSONField):
    """Keep several codes of one vocabulary in the order of that vocabulary.

    `options` is a list of (code, label) or a function that returns one. It is left out of migrations, so a new
    code needs none. A code outside the vocabulary is refused by validation.
    """

    def __init__(self, *args: Any, options: Options = (), **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        self._options = options
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Leave the vocabulary out of the migration."""
        return super().deconstruct()

    def options(self) -> list[tuple[str, Any]]:
        """Return the vocabulary as (code, label) pairs, labels in the active language."""
        return list(self._options() if callable(self._options) else self._options)

    def labels(self, codes: Iterable[str] | None) -> list[str]:
        """Return the labels of known codes in the order of the vocabulary."""
        chosen = set(codes or ())
        return [str(label) for code, label in self.options() if code in chosen]

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Raise ValidationError for a missing required value or a code outside the vocabulary."""
        super().validate(value, model_instance)
        if not isinstance(value, list):
            raise ValidationError(_("Choose from the list."))
        unknown = set(value) - {code for code, _label in self.options()}
        if unknown:
            raise ValidationError(_("Unknown choice: %(codes)s"), params={"codes": ", ".join(sorted(unknown))})

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Offer the vocabulary as checkboxes."""
        return forms.MultipleChoiceField(
            choices=self.options,
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
            widget=kwargs.get("widget") or forms.CheckboxSelectMultiple,
        )
