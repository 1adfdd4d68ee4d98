"""Home, team, legal pages and the set-up of the site as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """Tells the content counter about the settings that every page prints."""

    name = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        """Watch the settings that choose people and pages."""
        from cms import following
        from home.models import ContactSettings

        following.watch(ContactSettings)
