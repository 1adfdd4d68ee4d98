"""Model fields that several apps share."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Iterable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)
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


def _cipher() -> MultiFernet:
    """Return what encrypts with today's secret key and still reads what former keys have written."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = (hashlib.sha256(f"cms.fields.encrypted {key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class EncryptedTextField(models.TextField):
    """Keep a short text encrypted in the database and its backups; it cannot be searched.

    The key comes from SECRET_KEY. What no key can read is empty, and told in the log.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way into the database."""
        return _cipher().encrypt(str(value).encode()).decode() if value else value

    def from_db_value(self, value: Any, *_about: Any) -> Any:
        """Read on the way out."""
        if not value:
            return value
        try:
            return _cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            logger.exception("A value of %s was written with an unknown SECRET_KEY", self)
            return ""

    def formfield(self, **kwargs: Any) -> Any:
        """Ask for it in one line."""
        return super().formfield(**{"widget": forms.TextInput, **kwargs})
