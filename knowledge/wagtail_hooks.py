"""Registers the rows of the knowledge base in the admin."""

from wagtail.snippets.models import register_snippet

from knowledge import care_admin  # noqa: F401 - its pages register themselves
from knowledge.register_admin import MunicipalityViewSet
from knowledge.viewsets import VocabularyGroup

register_snippet(VocabularyGroup)
register_snippet(MunicipalityViewSet)
