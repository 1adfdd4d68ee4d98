"""Asking for new links, and for a mail about the next date."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.public_forms import PublicForm
from cms.throttle import Limit


class EmailForm(PublicForm):
    """One address."""

    limit = Limit("mail to an address", most=6, seconds=3600)
    email = forms.EmailField(label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
