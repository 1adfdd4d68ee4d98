"""What codes of facets are called in the active language, and in which order they are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cms.cldr import country_name, language_choices
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
IN_OWN_ORDER = {"step", "month", "size", "fee", "mode"}


def labels_of(facet: str, codes: Iterable[str]) -> dict[str, str]:
    """Return the labels of known codes; unknown ones are left out."""
    found = {code: _LABELS[facet](code) for code in codes}
    return {code: label for code, label in found.items() if label}


def _from(choices: Any) -> Callable[[str], str]:
    return lambda code: str(dict(choices).get(code, ""))


def _step(code: str) -> str:
    return next((f"{step.number} {step.name}" for step in all_steps() if step.code == code), "")


def _topic(code: str) -> str:
    return next((topic.label for topic in all_topics() if topic.slug == code), "")


def month_in_words(code: str) -> str:
    """Return a month as people say it: March 2027; empty for anything else."""
    try:
        return format_date(dt.date.fromisoformat(f"{code}-01"), "F Y")
    except ValueError:
        return ""


_LABELS: dict[str, Callable[[str], str]] = {
    "kind": _from(KINDS.items()),
    "step": _step,
    "topic": _topic,
    "type": _from(MaterialType.choices),
    "target_group": _from(TargetGroup.choices),
    "format": _from(Format.choices),
    "month": month_in_words,
    "mode": _from(Mode.choices),
    "language": lambda code: str(dict(language_choices()).get(code, "")),
    "fee": _from(FEES.items()),
    "country": country_name,
    "state": _from(State.choices),
    "municipality_type": _from(MunicipalityType.choices),
    "size": _from(SizeClass.choices),
}


def kind_label(kind: str) -> str:
    """Return what a kind of page is called."""
    return str(KINDS.get(kind, _("Page")))
