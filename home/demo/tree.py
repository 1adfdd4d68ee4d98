"""Where the demo's items lie in the tree of pages, in which order they come, and which page type each has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps

from cms.i18n import EASY
from home.demo.reader import Item

NO_PAGES = ("towns", "people", "answers", "enquiries", "settings")
PARENTS = {  # of single items; others lie below the index of their section
    "materials": "practices/index",
    "exchanges": "trainings/index",
    "municipalities/index": "pages/network",
    "service_centres/index": "pages/network",
    "pages/join": "pages/network",
    "pages/team": "pages/network",
}
ORDER = (
    "steps/index",
    "practices/index",
    "trainings/index",
    "pages/network",
    "pages/about",
    "news/index",
    "infobrief/index",
)
MENU = ORDER[:4]
TYPES = {
    "home": "home.HomePage",
    "steps": "knowledge.StepPage",
    "practices": "knowledge.GoodPracticePage",
    "materials": "knowledge.MaterialPage",
    "municipalities": "knowledge.MunicipalityPage",
    "service_centres": "knowledge.ServiceCentrePage",
    "trainings": "trainings.TrainingPage",
    "exchanges": "trainings.ExchangePage",
    "news": "home.NewsPage",
    "infobrief": "newsletter.InfobriefPage",
}

Items = Mapping[str, Item]


def ordered(items: Items) -> list[Item]:
    """Return the items that are pages, parents before children, and pages of the menu in its order."""
    pages = [item for item in items.values() if item.section not in NO_PAGES]
    return sorted(pages, key=lambda item: (_depth(item, items), _place(item), item.key))


def _place(item: Item) -> int:
    return ORDER.index(item.key) if item.key in ORDER else len(ORDER)


def _depth(item: Item, items: Items) -> int:
    parent = parent_key(item, items)
    return 0 if parent is None else 1 + _depth(items[parent], items)


def parent_key(item: Item, items: Items) -> str | None:
    """Return the item below which another lies; None for home pages and what is no page."""
    if item.section in (*NO_PAGES, "home"):
        return None
    found = PARENTS.get(item.key) or PARENTS.get(item.section)
    if found is None:
        found = f"{item.section}/index"
    return found if found in items and found != item.key else "home/home"


def model_of(item: Item, language: str) -> Any:
    """Return the page type of an item in a language."""
    if language == EASY:
        return apps.get_model("home.EasyLanguagePage")
    return apps.get_model(item.facts.get("type", TYPES.get(item.section, "home.StandardPage")))
