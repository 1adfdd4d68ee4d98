"""Home, team, legal pages and the set-up of the site as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """Tells the content counter about the settings that every page prints, and the report about imported pages."""

    name = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        """Watch the settings that choose people and pages; look at the gaps of imported pages after each publish."""
        from cms import following
        from home.models import ContactSettings
        from home.moving.completing import note_gaps

        following.watch(ContactSettings)
        following.register(note_gaps)
