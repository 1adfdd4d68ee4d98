"""What pages of other apps print of the catalogue; templates may look upward, Python may not."""

from __future__ import annotations

from typing import Any

from django import template

from cms.pages import BasePage
from trainings.catalogue import coming_offers

register = template.Library()


@register.simple_tag(name="coming_offers")
def coming_offers_tag(beside: BasePage, step_id: int | None = None, limit: int = 3) -> list[Any]:
    """Return the next offers in the language of a page, of one step if given."""
    return coming_offers(beside, step_id=step_id, limit=limit)
