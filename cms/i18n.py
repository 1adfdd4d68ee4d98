"""Languages of rows: the one place that knows which column of a bilingual row to read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

EASY = "de-simple"


def language_suffix(language: str | None = None) -> str:
    """Return `en` or `de`; Easy language and anything unknown read the German column."""
    return "en" if (language or get_language() or "de").startswith("en") else "de"


def in_language(row: Any, name: str, language: str | None = None) -> str:
    """Return `row.<name>_de` or `row.<name>_en` for the language; the other column fills a gap."""
    wanted = language_suffix(language)
    other = "de" if wanted == "en" else "en"
    return getattr(row, f"{name}_{wanted}") or getattr(row, f"{name}_{other}")
