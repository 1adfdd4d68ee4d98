"""The shelves of the knowledge base: filters and one page of cards. Wrong parameters are ignored, never an error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page as PageOfResults
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.pages import BasePage, BasePageQuerySet
from cms.vocabularies import MaterialType, State
from knowledge.models.articles import GoodPracticePage
from knowledge.models.materials import MaterialPage, with_files
from knowledge.models.steps import all_steps
from knowledge.models.topics import Topic, all_topics

if TYPE_CHECKING:
    from knowledge.models.indexes import KnowledgeIndexPage

PER_PAGE = 12


@dataclass(frozen=True)
class Option:
    """One value of a filter."""

    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Filter:
    """One group of checkboxes; values outside the vocabulary are dropped."""

    name: str
    label: str
    options: Sequence[Option]

    @classmethod
    def read(cls, name: str, label: str, choices: Iterable[tuple[str, Any]], query: QueryDict) -> Filter:
        """Read the chosen values of one filter from the query string."""
        chosen = set(query.getlist(name))
        return cls(name, label, [Option(value, str(text), value in chosen) for value, text in choices])

    @property
    def chosen(self) -> list[str]:
        """Return the chosen values."""
        return [option.value for option in self.options if option.checked]


@dataclass(frozen=True)
class Chip:
    """A chosen value and the address without it."""

    label: str
    remove_url: str


def chips(filters: Iterable[Filter], query: QueryDict) -> list[Chip]:
    """Return one removable chip for each chosen value; going back to page one."""
    found = []
    for group in filters:
        for option in group.options:
            if option.checked:
                rest = query.copy()
                rest.setlist(group.name, [value for value in group.chosen if value != option.value])
                rest.pop("page", None)
                found.append(Chip(option.label, "?" + rest.urlencode()))
    return found


class Listing:
    """What a shelf shows for a query string."""

    def __init__(
        self, page: KnowledgeIndexPage, query: QueryDict, *, shelf: str = "", topic: Topic | None = None
    ) -> None:
        self.page, self.query, self.shelf, self.topic = page, query, shelf, topic

    @cached_property
    def filters(self) -> list[Filter]:
        """Return the filters that make sense on this shelf."""
        steps = [(step.code, f"{step.number} {step.name}") for step in all_steps()]
        groups = [Filter.read("step", _("Development step"), steps, self.query)]
        if self.topic is None:
            topics = sorted(((topic.slug, topic.label) for topic in all_topics()), key=lambda pair: pair[1])
            groups.append(Filter.read("topic", _("Topic"), topics, self.query))
        if self.shelf != "practice":
            groups.append(Filter.read("type", _("Type of material"), MaterialType.choices, self.query))
        if self.shelf != "material":
            groups.append(Filter.read("state", _("Federal state"), State.choices, self.query))
        return groups

    @cached_property
    def chips(self) -> list[Chip]:
        """Return the chosen values as removable chips."""
        return chips(self.filters, self.query)

    @cached_property
    def page_obj(self) -> PageOfResults[Any]:
        """Return one page of results, each ready for its card."""
        found = Page.objects.filter(Q(pk__in=self._keys()))
        ordered = found.order_by("-first_published_at", "-pk")
        result = Paginator(ordered.values_list("pk", flat=True), PER_PAGE).get_page(self.query.get("page"))
        result.object_list = self._cards(list(result.object_list))
        return result

    @property
    def shelves(self) -> list[dict[str, Any]]:
        """Return the shelves for the tabs above the list."""
        named = [("practice", _("Good practice")), ("material", _("Materials"))]
        tabs = [{"label": _("Everything"), "url": self.page.url, "current": self.shelf == ""}]
        return tabs + [
            {"label": label, "url": self.page.shelf_url(shelf), "current": self.shelf == shelf}
            for shelf, label in named
        ]

    def _chosen(self, name: str) -> list[str]:
        return next((group.chosen for group in self.filters if group.name == name), [])

    def _keys(self) -> set[int]:
        keys: set[int] = set()
        if self.shelf != "material" and not self._chosen("type"):
            practices = self._filtered(GoodPracticePage.objects.child_of(self.page).visible())
            if states := self._chosen("state"):
                practices = practices.filter(municipality__state__in=states)
            keys.update(practices.values_list("pk", flat=True))
        if self.shelf != "practice" and not self._chosen("state"):
            materials = self._filtered(MaterialPage.objects.child_of(self.page).visible())
            if types := self._chosen("type"):
                materials = materials.filter(material_type__in=types)
            keys.update(materials.values_list("pk", flat=True))
        return keys

    def _filtered(self, pages: BasePageQuerySet) -> BasePageQuerySet:
        if steps := self._chosen("step"):
            pages = pages.filter(steps__code__in=steps)
        topics = [self.topic.slug] if self.topic else self._chosen("topic")
        if topics:
            pages = pages.filter(topic_links__tag__slug__in=topics)
        return pages

    @staticmethod
    def _cards(keys: list[int]) -> list[BasePage]:
        practices = GoodPracticePage.objects.filter(pk__in=keys).for_cards()
        materials = with_files(MaterialPage.objects.filter(pk__in=keys).for_cards())
        found = {page.pk: page for page in [*practices, *materials]}
        return [found[key] for key in keys if key in found]
