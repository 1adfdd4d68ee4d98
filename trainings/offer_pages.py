"""From a run to the page that tells about it, in the language of the reader."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from cms.i18n import language_suffix
from trainings.models import ExchangePage, OfferPage, Run, TrainingPage


def page_of(run: Run, language: str | None = None) -> OfferPage | None:
    """Return the live page of a run's offer in a language, the German one where there is none."""
    wanted = language_suffix(language or get_language())
    for model in (TrainingPage, ExchangePage):
        rows = (
            model.objects.live().filter(translation_key=run.offer.translation_key).select_related("contact", "locale")
        )
        pages = {page.locale.language_code: page for page in rows}
        if pages:
            return pages.get(wanted) or pages.get("de") or next(iter(pages.values()))
    return None


def similar_offers(run: Run, *, language: str, limit: int = 3) -> list[Any]:
    """Return other coming offers, those of the same steps first."""
    from trainings.catalogue import coming_offers

    page = page_of(run, language)
    if page is None:
        return []
    steps = {step.pk for step in page.steps.all()}
    others = [other for other in coming_offers(page, limit=50) if other.translation_key != page.translation_key]
    return sorted(others, key=lambda other: not steps & {step.pk for step in other.steps.all()})[:limit]
