"""What a page of results shows: facets with counts, chips, hits, and ways on when nothing was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from math import ceil
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.facets import Chip, Choice, Group, Option
from search import hits, queries
from search.asking import MOST_ON_A_PAGE
from search.engines.interface import FacetValue, Fragment, SearchRequest, SearchResponse
from search.labels import FACETS, IN_OWN_ORDER, labels_of, month_in_words
from search.places import CATALOGUE, Place
from search.showing import Month, Numbers
from trainings.catalogue import FAR, first_day, shown_offers, whole_offers

SHOWN_GROUPS = 4  # facets below these are folded until one of their values is chosen
MOST_OFFERS = 200  # in a feed


class Found:
    """The answer to a query string at one place of the site."""

    def __init__(self, place: Place, query: QueryDict, locale: str) -> None:
        self.place, self.query, self.locale = place, query, locale
        self.request: SearchRequest = place.read(query, locale)

    @cached_property
    def response(self) -> SearchResponse:
        """Ask the engine once."""
        return queries.search(self.request)

    @property
    def text(self) -> str:
        """Return what was typed."""
        return self.request.text

    @property
    def total(self) -> int:
        """Return the number of hits."""
        return self.response.total

    @property
    def shows_past(self) -> bool:
        """Return whether past offers are listed."""
        return self.request.when == "past"

    @cached_property
    def groups(self) -> list[Group]:
        """Return the facets that tell something apart; the six steps are always there."""
        groups = [self._group(name) for name in self.place.facets]
        telling = [group for group in groups if len(group.options) > 1 or group.chosen or group.name == "step"]
        return [
            replace(group, is_folded=place >= SHOWN_GROUPS and not group.chosen) for place, group in enumerate(telling)
        ]

    def _group(self, name: str) -> Group:
        values = self.response.facets.get(name, ())
        labels = labels_of(name, [value.code for value in values])
        options = [
            Option(value.code, labels[value.code], value.count, value.is_selected)
            for value in values
            if value.code in labels
            and (value.count or value.is_selected or name == "step")
            and not self._is_over(name, value)
        ]
        if name in IN_OWN_ORDER and name != "step":
            options.sort(key=lambda option: (len(option.value), option.value))
        return Group(name, str(FACETS[name]), options)

    def _is_over(self, name: str, value: FacetValue) -> bool:
        """Return whether a month lies behind while coming offers are listed: an offer may have had a run then."""
        is_coming = name == "month" and self.request.when == "upcoming" and not value.is_selected
        return is_coming and value.code < f"{timezone.localdate():%Y-%m}"

    @cached_property
    def chips(self) -> list[Chip]:
        """Return one removable chip for each chosen value."""
        chosen = [(group, option) for group in self.groups for option in group.chosen]
        return [Chip(option.label, self.without(group.name, option.value)) for group, option in chosen]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return what the form has to keep besides its own fields."""
        return [(name, str(self.query[name])) for name in ("when", "view") if self.query.get(name)]

    def without(self, name: str, value: str) -> str:
        """Return the address without one chosen value, from page one."""
        rest = self.query.copy()
        rest.setlist(name, [code for code in rest.getlist(name) if code != value])
        rest.pop("page", None)
        return "?" + rest.urlencode()

    def with_(self, **changes: str) -> str:
        """Return the address with other values, from page one; an empty value removes a parameter."""
        rest = self.query.copy()
        rest.pop("page", None)
        for name, value in changes.items():
            rest[name] = value
            if not value:
                rest.pop(name)
        return "?" + rest.urlencode()

    @property
    def sorts(self) -> list[Choice]:
        """Return the ways to sort."""
        named = {"relevance": _("Relevance"), "date": _("Date"), "title": _("Title")}
        return [
            Choice(label, self.with_(sort="" if code == "relevance" else code), self.request.sort == code)
            for code, label in named.items()
        ]

    @property
    def page_obj(self) -> Numbers:
        """Return which page of how many this is."""
        pages = max(1, ceil(self.total / self.request.page_size))
        return Numbers(min(self.request.page, pages), pages, self.total)

    @cached_property
    def rows(self) -> list[hits.Row]:
        """Return the hits as rows, in three queries however many there are."""
        return hits.rows(self.response.hits)

    @cached_property
    def promoted(self) -> list[hits.Row]:
        """Return what editors want above the hits."""
        return hits.rows(self.response.promoted)

    @property
    def keys(self) -> list[int]:
        """Return the pages that are hits, for lists of cards."""
        return [hit.id for hit in self.response.hits]

    @cached_property
    def offers(self) -> list[Any]:
        """Return the hits as offers, with the seats as they are now."""
        return shown_offers(self.keys)

    @property
    def first_number(self) -> int:
        """Return the number of the first hit on this page."""
        return (self.page_obj.number - 1) * self.request.page_size + 1

    @property
    def month_view(self) -> bool:
        """Return whether offers are shown month by month."""
        return self.query.get("view") == "month" and not self.shows_past

    @cached_property
    def months(self) -> list[Month]:
        """Return the offers of this page by the month in which they begin, soonest first; those without day last."""
        found: dict[str, list[Any]] = defaultdict(list)
        for page in self.offers:
            day = first_day(page)
            found["" if day == FAR else f"{day:%Y-%m}"].append(page)
        order = sorted(found, key=lambda code: code or "9999")
        return [Month(code or "open", month_in_words(code) or _("Date to be set"), found[code]) for code in order]

    @property
    def suggestion(self) -> str:
        """Return a better spelling."""
        return self.response.suggestion

    @property
    def suggestion_url(self) -> str:
        """Return the address of the search with the better spelling."""
        return self.with_(q=self.suggestion)

    @cached_property
    def without_filters(self) -> int:
        """Return how many hits there are when all filters are removed; asked only when nothing was found."""
        if self.total or not self.request.filters:
            return 0
        return self._count(replace(self.request, filters={}))

    @cached_property
    def in_other_language(self) -> int:
        """Return how many hits the same words have in the other language."""
        return self._count(replace(self.request, locale=self.other_locale)) if self.text else 0

    @property
    def other_locale(self) -> str:
        """Return the other of the two languages."""
        return "de" if self.locale == "en" else "en"

    @staticmethod
    def _count(request: SearchRequest) -> int:
        return queries.search(replace(request, page=1, page_size=0, facets=(), with_highlights=False)).total

    @property
    def parameters(self) -> str:
        """Return the query string without the page, for feeds and the other language."""
        return self.with_()


def plain(fragments: Sequence[Fragment]) -> str:
    """Return the text of fragments."""
    return "".join(fragment.text for fragment in fragments)


def offers(query: QueryDict, locale: str) -> list[Any]:
    """Return the offers that the catalogue finds for a query string, for the feeds of runs."""
    asked = replace(CATALOGUE.read(query, locale), page_size=MOST_ON_A_PAGE, facets=(), with_highlights=False)
    keys: list[int] = []
    for page in range(1, MOST_OFFERS // MOST_ON_A_PAGE + 1):
        found = queries.search(replace(asked, page=page))
        keys += [hit.id for hit in found.hits]
        if len(keys) >= found.total:
            break
    return whole_offers(keys)
