"""Municipalities in the admin: listing, form, and the chooser that tells places of one name apart."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views import chooser
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, SnippetViewSet

from knowledge.map import is_near_state
from knowledge.models import Municipality

PLACE_COLUMNS = (
    Column("type", label=_("Type"), accessor="get_type_display"),
    Column("county", label=_("County"), accessor="county"),
    Column("state", label=_("Federal state"), accessor="get_state_display"),
)


class MunicipalitySearchForm(BaseFilterForm):
    """The search field of the chooser."""

    q = forms.CharField(
        label=_("Search term"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Name, also with county")}),
    )

    def filter(self, objects: QuerySet[Municipality]) -> QuerySet[Municipality]:
        """Keep what matches, the best match first."""
        query = self.cleaned_data.get("q")
        if not query:
            return objects
        self.is_searching, self.search_query = True, query
        return Municipality.objects.existing().matching(query)


class _MunicipalityColumns:
    """What both views of the chooser list."""

    filter_form_class = MunicipalitySearchForm

    def get_object_list(self) -> QuerySet[Municipality]:
        """Offer what still exists."""
        return Municipality.objects.existing()

    @property
    def columns(self) -> list[Column]:
        """Show type, county and state beside the name."""
        return [*super().columns, *PLACE_COLUMNS]  # type: ignore[misc]  # a mixin before Wagtail's views


class MunicipalityChooseView(_MunicipalityColumns, chooser.ChooseView):
    """The whole chooser."""


class MunicipalityChooseResultsView(_MunicipalityColumns, chooser.ChooseResultsView):
    """The results of a search in the chooser."""


class MunicipalityChooserViewSet(chooser.SnippetChooserViewSet):
    """Chooses one of thousands by name."""

    choose_view_class = MunicipalityChooseView
    choose_results_view_class = MunicipalityChooseResultsView


class MunicipalityIndexView(IndexView):
    """The listing finds names as the chooser does."""

    def search_queryset(self, queryset: QuerySet[Municipality]) -> QuerySet[Municipality]:
        """Search within the filters, merged municipalities included."""
        if not self.is_searching:
            return queryset
        found = Municipality.objects.matching(self.search_query).filter(pk__in=queryset.values("pk"))
        return found.order_by(*queryset.query.order_by) if self.is_explicitly_ordered else found


class _PointWarning:
    """Says after saving that the point lies elsewhere; the row is saved all the same."""

    def save_instance(self) -> Municipality:
        """Save and warn."""
        row: Municipality = super().save_instance()  # type: ignore[misc]  # a mixin before Wagtail's views
        if row.point and not is_near_state(row.state, *row.point):
            messages.warning(
                self.request,  # type: ignore[attr-defined]
                _("The point lies outside the chosen federal state. Are latitude and longitude swapped?"),
            )
        return row


class MunicipalityCreateView(_PointWarning, CreateView):
    """Adds a municipality that the register lacks."""


class MunicipalityEditView(_PointWarning, EditView):
    """Changes a municipality."""


class MunicipalityViewSet(SnippetViewSet):
    """Municipalities of the register, of editors and of the demo."""

    model = Municipality
    icon = "home"
    menu_label = _("Municipalities")
    menu_name = "municipalities"
    menu_icon = "home"
    list_display: ClassVar[list[Any]] = [
        "name",
        Column("type", label=_("Type"), accessor="get_type_display", sort_key="type"),
        Column("county", label=_("County"), accessor="county", sort_key="county"),
        Column("state", label=_("Federal state"), accessor="get_state_display", sort_key="state"),
        Column("source", label=_("Source"), accessor="get_source_display", sort_key="source"),
    ]
    list_filter: ClassVar[list[str]] = ["source", "state", "type"]
    search_fields: ClassVar[list[str]] = ["name"]
    ordering: ClassVar[list[str]] = ["name", "county"]
    list_per_page = 50
    index_view_class = MunicipalityIndexView
    add_view_class = MunicipalityCreateView
    edit_view_class = MunicipalityEditView
    chooser_viewset_class = MunicipalityChooserViewSet
