"""The foundation as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    """Connects what follows a publish."""

    name = "cms"
    verbose_name = _("Site")

    def ready(self) -> None:
        """Connect the receivers and register the system checks."""
        from cms import following

        following.connect()
