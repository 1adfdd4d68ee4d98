"""Every request looks for a page by its address: the index for it survives what Wagtail's migrations do to the table."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate
from wagtail.models import Page

from cms.address_index import NAME, TABLE

pytestmark = pytest.mark.django_db


def names() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, TABLE))


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {NAME}")


def migrated() -> None:
    post_migrate.send(apps.get_app_config("cms"), app_config=apps.get_app_config("cms"), using="default")


def test_a_dropped_index_is_back_after_migrating_and_again_changes_nothing() -> None:
    drop()
    assert NAME not in names()

    migrated()
    before = names()
    migrated()

    assert NAME in before
    assert names() == before


def test_finding_a_page_uses_the_index() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")  # few rows: read whole

    def plan(*addresses: str) -> str:
        return Page.objects.filter(url_path__in=addresses).explain()

    assert NAME in plan("/de/", "/de/wissen/")
    drop()
    assert NAME not in plan("/de/", "/de/wissen/", "/de/wissen/a/")  # SQLite remembers the plan of the same words
