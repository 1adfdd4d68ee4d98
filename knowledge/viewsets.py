"""Rows of the knowledge base in the admin."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views import chooser
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from knowledge.models import ContactPerson, DevelopmentStep, FundingProgramme, Topic


class _PublicPeople:
    """Who may not look after contact people chooses among those whom everybody sees."""

    def get_object_list(self) -> QuerySet[ContactPerson]:
        """Leave out people without consent unless the user may see the records."""
        people = ContactPerson.objects.all()
        user = self.request.user  # type: ignore[attr-defined]  # a mixin before Wagtail's views
        may_see = any(user.has_perm(f"knowledge.{verb}_contactperson") for verb in ("view", "change"))
        return people if may_see else people.published()


class PersonChooseView(_PublicPeople, chooser.ChooseView):
    """The whole chooser."""


class PersonChooseResultsView(_PublicPeople, chooser.ChooseResultsView):
    """The results of a search in the chooser."""


class PersonChooserViewSet(chooser.SnippetChooserViewSet):
    """Chooses people."""

    choose_view_class = PersonChooseView
    choose_results_view_class = PersonChooseResultsView


class ContactPersonViewSet(SnippetViewSet):
    """People: found by name, listed with their consent."""

    model = ContactPerson
    chooser_viewset_class = PersonChooserViewSet
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
