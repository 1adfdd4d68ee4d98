"""The Infobrief as a Django app."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """Keeps readers and issues, and tells the outbox, the worker and the data protection about them."""

    name = "home.newsletter"
    label = "newsletter"
    verbose_name = _("Infobrief")

    def ready(self) -> None:
        """Register everything downwards."""
        from cms import following, worker
        from home.newsletter import alerts, content, letters, mails, models, personal_data
        from home.newsletter.checks import infobrief_settings
        from home.newsletter.services import returning, sending

        checks.register(infobrief_settings)
        following.watch(models.FrozenDates)
        following.register(content.freeze_archive)
        mails.register()
        letters.register()
        worker.register(sending.tick, every=2, group="infobrief")
        worker.register(returning.tick, every=600, group="bounces")
        worker.register(alerts.tick, every=600, group="infobrief")
        personal_data.connect()
