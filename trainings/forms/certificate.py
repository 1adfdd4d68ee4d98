"""Checking whether a certificate is genuine."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.public_forms import PublicForm
from cms.throttle import Limit


class CertificateForm(PublicForm):
    """What stands on the paper: a number and a name."""

    limit = Limit("certificate", most=30, seconds=600)
    number = forms.CharField(
        label=_("Number of the certificate"),
        max_length=24,
        help_text=_("It stands at the bottom, beside the QR code."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name as on the certificate"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
