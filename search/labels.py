"""What codes of facets are called in the active language, and in which order they are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from cms.cldr import country_name, language_choices
from cms.version import kept
from cms.vocabularies import Format, MaterialType, Mode, MunicipalityType, SizeClass, State, TargetGroup
from knowledge.models import all_steps, all_topics

KINDS: dict[str, Any] = {
    "good_practice": gettext_lazy("Good practice"),
    "material": gettext_lazy("Material"),
    "training": gettext_lazy("Training"),
    "exchange": gettext_lazy("Exchange of professionals"),
    "step": gettext_lazy("Step"),
    "municipality": gettext_lazy("Municipality"),
    "service_centre": gettext_lazy("Service centre"),
    "news": gettext_lazy("News"),
    "page": gettext_lazy("Page"),
}
FACETS: dict[str, Any] = {
    "kind": gettext_lazy("Kind"),
    "step": gettext_lazy("Development step"),
    "topic": gettext_lazy("Topic"),
    "type": gettext_lazy("Type of material"),
    "target_group": gettext_lazy("Target group"),
    "format": gettext_lazy("Format"),
    "month": gettext_lazy("Month"),
    "mode": gettext_lazy("On site or online"),
    "language": gettext_lazy("Language"),
    "fee": gettext_lazy("Fee"),
    "country": gettext_lazy("Partner country"),
    "state": gettext_lazy("Federal state"),
    "municipality_type": gettext_lazy("Type of municipality"),
    "size": gettext_lazy("Inhabitants"),
}
FEES = {"free": pgettext_lazy("fee", "Free of charge"), "paid": pgettext_lazy("fee", "With a fee")}
MOST_MONTHS = 500  # kept in words
IN_OWN_ORDER = {"step", "month", "size", "fee", "mode"}


def labels_of(facet: str, codes: Iterable[str]) -> dict[str, str]:
    """Return the labels of known codes; unknown ones are left out."""
    label = _ONE_BY_ONE.get(facet) or _vocabulary(facet).get
    return {code: text for code in codes if (text := label(code))}


def _vocabulary(facet: str) -> dict[str, str]:
    """Return all codes of a facet with their labels in the active language, from this process's memory."""
    key = ("labels", facet, get_language())
    return kept(key, lambda: {code: str(label) for code, label in _VOCABULARIES[facet]()})


def month_in_words(code: str) -> str:
    """Return a month as people say it: March 2027; empty for anything else."""
    return _month_in_words(code, get_language())


@lru_cache(maxsize=MOST_MONTHS)
def _month_in_words(code: str, _language: str | None) -> str:
    try:
        return format_date(dt.date.fromisoformat(f"{code}-01"), "F Y")
    except ValueError:
        return ""


_ONE_BY_ONE: dict[str, Callable[[str], str]] = {"month": month_in_words, "country": country_name}
_VOCABULARIES: dict[str, Callable[[], Iterable[tuple[str, Any]]]] = {
    "kind": KINDS.items,
    "step": lambda: [(step.code, f"{step.number} {step.name}") for step in all_steps()],
    "topic": lambda: [(topic.slug, topic.label) for topic in all_topics()],
    "type": lambda: MaterialType.choices,
    "target_group": lambda: TargetGroup.choices,
    "format": lambda: Format.choices,
    "mode": lambda: Mode.choices,
    "language": language_choices,
    "fee": FEES.items,
    "state": lambda: State.choices,
    "municipality_type": lambda: MunicipalityType.choices,
    "size": lambda: SizeClass.choices,
}


def kind_label(kind: str) -> str:
    """Return what a kind of page is called."""
    return str(KINDS.get(kind, _("Page")))
