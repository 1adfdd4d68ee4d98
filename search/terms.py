"""What editors are told of the searches: sums per word, never what fewer than three people looked for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Sum

from search.counting import SHOWN_FROM
from search.models import SearchTerm


def frequent(locale: str, limit: int = 50) -> QuerySet[SearchTerm, dict[str, Any]]:
    """Return what was searched for most in all kept months; rare terms stay hidden."""
    return _summed(locale).filter(all__gte=SHOWN_FROM).order_by("-all", "text")[:limit]


def in_vain(locale: str, limit: int = 50) -> QuerySet[SearchTerm, dict[str, Any]]:
    """Return what was searched for in vain, the most frequent first."""
    return _summed(locale).filter(none__gte=SHOWN_FROM).order_by("-none", "text")[:limit]


def _summed(locale: str) -> Any:
    rows = SearchTerm.objects.filter(locale=locale).values("text")
    return rows.annotate(all=Sum("searches"), none=Sum("empty"))
