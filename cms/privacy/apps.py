"""Privacy as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Has the worker purge once an hour what is due."""

    name = "cms.privacy"
    label = "privacy"
    verbose_name = _("Data protection")

    def ready(self) -> None:
        """Register the purge."""
        from cms import worker
        from cms.privacy import admin, services  # noqa: F401 - the admin pages register themselves

        worker.register(services.purge_due, every=3600, group="retention")
