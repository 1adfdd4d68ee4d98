"""The knowledge base as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    """Tells the content counter about the rows that pages print, and looks after profiles."""

    name = "knowledge"
    verbose_name = _("Knowledge base")

    def ready(self) -> None:
        """Watch the rows behind pages."""
        from wagtail.signals import copy_for_translation_done

        from cms import following, worker
        from cms.pagecache import marking
        from knowledge import mails, models, personal_data
        from knowledge.network.asking import FACETS
        from knowledge.services import confirming, staff

        mails.register()
        personal_data.connect()
        following.register(confirming.note_profile)
        following.register(staff.sync_page)
        copy_for_translation_done.connect(_translated, dispatch_uid="knowledge-staff")
        worker.register(confirming.tick, every=3600)
        marking.know(FACETS)  # where a visitor is (`near`, `at`) is not among them: such answers are never kept

        for model in (
            models.ContactPerson,
            models.DevelopmentStep,
            models.FundingProgramme,
            models.Municipality,
            models.Topic,
        ):
            following.watch(model)


def _translated(sender: Any, source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    from knowledge.services import staff

    if hasattr(target_obj, "translation_key"):
        staff.sync_page(target_obj)
