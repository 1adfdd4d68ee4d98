"""The search as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Reads what pages declare; writes nothing outside its own tables."""

    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Connect what keeps the search true, and register the worker's part."""
        from cms import prepare
        from cms.pagecache import marking
        from search import checks, finding, following, jobs, places, preparing  # noqa: F401 - checks register themselves
        from trainings import catalogue

        following.connect()
        jobs.register()
        marking.know(places.NAMES)
        catalogue.register_finder(finding.offers)
        prepare.register(preparing.ensure_indexes)
