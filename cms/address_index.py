"""The index on the addresses of pages stays where it is: Wagtail does not know it, so its migrations may drop it.

On SQLite a changed column rebuilds the table with the indexes that the models name, and every request would read all
pages again.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

TABLE, NAME = "wagtailcore_page", "cms_page_url_path"


def put_back(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Make the index where it is missing; runs after every `migrate`, whatever was migrated."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        # only equality is asked; a hash in PostgreSQL has no longest address
        how = "USING hash (url_path)" if connection.vendor == "postgresql" else "(url_path)"
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {NAME} ON {TABLE} {how}")
