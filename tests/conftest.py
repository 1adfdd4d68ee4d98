"""What every test may rely on: one migrated database, compiled catalogues, no leftovers of the test before."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from cms import catalogues, fragments, memory, version
from tests import migrated


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues once, in the process that leads the run."""
    if not hasattr(config, "workerinput"):
        catalogues.compile_changed()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests with real commits the rows of the migrations back, which the flush after such a test takes away."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            again = {**mark.kwargs, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(*mark.args, **again), append=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Put the rows of the migrations back right after a test with real commits.

    Django does so only before the next such test; with several processes any other test may come in between. After
    the very last test the connection leads to the database of the site again, which nobody may write to.
    """
    yield
    mark = item.get_closest_marker("django_db")
    if nextitem is not None and mark and mark.kwargs.get("transaction"):
        from django.contrib.contenttypes.models import ContentType  # models exist only after the settings

        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)  # type: ignore[attr-defined]  # set by Django's test runner
            ContentType.objects.clear_cache()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Start from the kept copy of a migrated SQLite database; other databases are made anew for each run."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_keepdb: bool) -> None:
    """Put the kept copy in place, when there is one for today's migrations."""
    if django_db_keepdb:
        target = Path(connection.settings_dict["TEST"]["NAME"])
        target.unlink(missing_ok=True)
        if (copy := migrated.kept_copy(settings.DATA_DIR)).exists():
            migrated.copy_database(copy, target)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: object) -> None:
    """Keep a copy of the database right after its migrations."""
    if django_db_keepdb and not (copy := migrated.kept_copy(settings.DATA_DIR)).exists():
        migrated.copy_database(Path(connection.settings_dict["NAME"]), copy)


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the tree of index pages once for a module (not for one with real commits); `make_tree` then finds it."""
    from tests.factories.pages import make_tree  # models exist only after the settings

    with django_db_blocker.unblock(), transaction.atomic():
        make_tree()
        version.forget()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _fresh_process(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Reset language and caches after each test; uploads, mail and index go to a folder of the test's own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.SEARCH_FOLDER = tmp_path / "search"
    yield
    from cms.pictures import making  # models exist only after the settings
    from home.newsletter import viewed
    from search import counting, freshness

    translation.activate(settings.LANGUAGE_CODE)
    version.forget()
    fragments.forget()
    memory.forget()
    freshness.forget()
    counting.forget()
    viewed.forget()
    making.forget()
    for cache in caches.all(initialized_only=True):
        cache.clear()
