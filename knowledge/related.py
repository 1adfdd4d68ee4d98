"""What belongs to a page: lists of other pages, each in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cms.pages import BasePage, chosen_pages
from cms.version import kept
from cms.vocabularies import StepStatus
from knowledge.models import (
    DevelopmentStep,
    GoodPracticePage,
    MaterialPage,
    MunicipalityPage,
    ServiceCentrePage,
    StepPage,
    all_steps,
    off_the_map,
    page_keys,
    with_files,
)

FEW = 3


@dataclass(frozen=True)
class Gathered:
    """A few pages and how many there are in all."""

    pages: list[Any]
    total: int


@dataclass(frozen=True)
class Station:
    """One of the six steps on a municipality's line."""

    step: DevelopmentStep
    status: str
    status_label: str


def material_pages(page: GoodPracticePage) -> list[MaterialPage]:
    """Return the materials an editor chose for a practice."""
    return with_files(chosen_pages(page_keys(page.materials), MaterialPage, beside=page))


def practices(beside: BasePage) -> Any:
    """Return the visible practices in a language, loaded for cards."""
    return GoodPracticePage.objects.beside(beside).for_cards()


def practices_of(page: MunicipalityPage) -> list[GoodPracticePage]:
    """Return the practices of a municipality, the newest first."""
    rows = practices(page).filter(municipality_id=page.municipality_id)
    return list(rows.order_by("-first_published_at", "pk"))


def stations(page: MunicipalityPage) -> list[Station]:
    """Return the six stations of a municipality in their order."""
    labels = dict(StepStatus.choices)
    states = page.step_states
    return [
        Station(step, states[step.code], str(labels[states[step.code]])) for step in all_steps() if step.code in states
    ]


def for_step(page: StepPage, limit: int = FEW) -> dict[str, Gathered]:
    """Return what belongs to a step: practices, materials and service centres, from this process's memory."""
    return kept(("for step", page.locale_id, page.step_id, limit), lambda: _for_step(page, limit))


def _for_step(page: StepPage, limit: int) -> dict[str, Gathered]:
    newest = ("-first_published_at", "pk")
    materials = MaterialPage.objects.beside(page).for_cards().filter(steps=page.step_id).order_by(*newest)
    few = _few(materials, limit)
    centres = ServiceCentrePage.objects.beside(page).exclude(translation_key__in=off_the_map())
    return {
        "practices": _few(practices(page).filter(steps=page.step_id).order_by("-recommended", *newest), limit),
        "materials": Gathered(with_files(few.pages), few.total),
        "service_centres": _few(centres.for_cards().order_by("title"), limit),
    }


def _few(queryset: Any, limit: int) -> Gathered:
    pages = list(queryset[: limit + 1])
    return Gathered(pages[:limit], len(pages) if len(pages) <= limit else queryset.count())
