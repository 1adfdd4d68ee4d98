"""Rows of the knowledge base in the admin."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from knowledge.models import ContactPerson, DevelopmentStep, FundingProgramme, Topic


class ContactPersonViewSet(SnippetViewSet):
    """People: found by name, listed with their consent."""

    model = ContactPerson
    icon = "user"
    list_display: ClassVar = ["name", "organisation", "consent_on", "withdrawn_on"]
    search_fields: ClassVar = ["name", "organisation"]
    ordering: ClassVar = ["name"]


class TopicViewSet(SnippetViewSet):
    """Topics with both names."""

    model = Topic
    icon = "tag"
    list_display: ClassVar = ["name", "name_en", "slug"]
    search_fields: ClassVar = ["name", "name_en"]


class DevelopmentStepViewSet(SnippetViewSet):
    """The six steps: names and purpose can be changed, codes and number cannot."""

    model = DevelopmentStep
    icon = "list-ol"
    list_display: ClassVar = ["number", "name_de", "name_en"]


class FundingProgrammeViewSet(SnippetViewSet):
    """Funding programmes with the date of the last check."""

    model = FundingProgramme
    icon = "pick"
    list_display: ClassVar = ["name_de", "is_open", "checked_on"]
    search_fields: ClassVar = ["name_de", "name_en"]


class VocabularyGroup(SnippetViewSetGroup):
    """People and vocabularies in one menu."""

    menu_label = _("People and vocabularies")
    menu_icon = "group"
    menu_order = 300
    items = (ContactPersonViewSet, TopicViewSet, DevelopmentStepViewSet, FundingProgrammeViewSet)
