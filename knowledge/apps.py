"""The knowledge base as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    """Tells the content counter about the rows that pages print."""

    name = "knowledge"
    verbose_name = _("Knowledge base")

    def ready(self) -> None:
        """Watch the rows behind pages."""
        from cms import following
        from knowledge import models

        for model in (
            models.ContactPerson,
            models.DevelopmentStep,
            models.FundingProgramme,
            models.Municipality,
            models.Topic,
        ):
            following.watch(model)
