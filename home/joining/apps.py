"""Enquiries as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JoiningConfig(AppConfig):
    """Registers mails, clocks and what is kept of people."""

    name = "home.joining"
    label = "joining"
    verbose_name = _("Enquiries")

    def ready(self) -> None:
        """Make mails and rules known."""
        from cms import worker
        from home.joining import letters, mails, personal_data, reminding

        mails.register()
        letters.register()
        personal_data.connect()
        worker.register(reminding.remind, every=600)
