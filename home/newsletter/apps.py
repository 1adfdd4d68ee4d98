"""The Infobrief as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """Keeps readers and issues, and tells the outbox, the worker and the data protection about them."""

    name = "home.newsletter"
    label = "newsletter"
    verbose_name = _("Infobrief")

    def ready(self) -> None:
        """Register everything downwards."""
        from home.newsletter import mails, personal_data

        mails.register()
        personal_data.connect()
