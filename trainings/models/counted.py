"""Columns that count: forms show them, and only services write them, under the lock."""

from __future__ import annotations

from typing import Any

from django.db import models


def without_counted(row: models.Model, counted: tuple[str, ...], kwargs: dict[str, Any]) -> None:
    """Keep a form that was loaded a moment ago from writing back what others have counted since."""
    if not row._state.adding and not kwargs.get("force_insert") and kwargs.get("update_fields") is None:
        fields = (field for field in row._meta.concrete_fields if not field.primary_key)
        kwargs["update_fields"] = [field.name for field in fields if field.name not in counted]
