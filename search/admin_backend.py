"""The search of the admin: modelsearch's own backend, on SQLite ours (other databases have no model it could import)."""

from __future__ import annotations

from typing import Any

from django.db import connection
from modelsearch.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - modelsearch looks for this name
    """Return the backend for this database."""
    stock = database.SearchBackend(params)
    if connection.vendor != "sqlite":
        return stock
    from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend

    from search.admin_sqlite import QuickBackend

    return QuickBackend(params) if isinstance(stock, SQLiteSearchBackend) else stock
