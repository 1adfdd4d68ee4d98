"""The search as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Reads what pages declare; writes nothing outside its own tables."""

    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Connect what keeps the search true."""
        from search import following

        following.connect()
