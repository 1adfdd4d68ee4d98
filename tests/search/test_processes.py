"""Several real processes on one site: publishing at once, killed in the middle, seeing each other's changes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.home.moving.second_site import SecondSite

DJANGO = "import django; django.setup()\n"
PLANT = DJANGO + "from tests.factories.pages import make_tree; make_tree()"
PUBLISH = DJANGO + (
    "import sys\n"
    "from tests.factories.pages import make_practice, make_tree\n"
    "tree, name, number = make_tree(), sys.argv[1], int(sys.argv[2])\n"
    "for place in range(number):\n"
    "    make_practice(tree, title=f'{name} {place}', slug=f'{name}-{place}'.lower())\n"
)
FIND = DJANGO + (
    "import sys\n"
    "from search.engines.interface import SearchRequest\n"
    "from search.queries import search\n"
    "print(search(SearchRequest(sys.argv[1])).total)\n"
)
WATCH = DJANGO + (
    "import sys, time\n"
    "from search.engines.interface import SearchRequest\n"
    "from search.queries import search\n"
    "print('looking', search(SearchRequest(sys.argv[1])).total)\n"
    "while not search(SearchRequest(sys.argv[1])).total:\n"
    "    time.sleep(0.02)\n"
    "print(time.time())\n"
)
PUBLISH_AND_TELL = PUBLISH + "import time; print(time.time())\n"
CHANGE_AND_DIE = DJANGO + (  # all pages have changed, and nobody has told the index
    "import os\n"
    "from search import documents\n"
    "from search.models import SearchDocument\n"
    "documents.touch(SearchDocument.objects.values_list('pk', flat=True))\n"
    "os._exit(0)\n"
)
FRESH = 2.0
EACH = 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> SecondSite:
    """A site of its own with an index for both languages."""
    made = SecondSite(tmp_path_factory.mktemp("processes") / "site")
    made.python("-c", PLANT)
    made.python("manage.py", "search_index", "rebuild")
    return made


def folder(site: SecondSite) -> Path:
    return site.database.parent / "search" / "de"


def nothing_differs(site: SecondSite) -> bool:
    """Return whether `verify` finds all in order; it fails when it had to repair something."""
    said = site.python("manage.py", "search_index", "verify")
    return [line.rpartition(": ")[2] for line in said.splitlines()] == ["0 differences"] * len(settings.LANGUAGES)


@pytest.mark.services  # needs no server, but half a minute
def test_two_processes_publish_at_once_and_all_is_found(site: SecondSite) -> None:
    writers = [site.start("-c", PUBLISH, name, str(EACH)) for name in ("Kranich", "Reiher")]

    assert [writer.communicate(timeout=120)[0] for writer in writers] == ["", ""]
    assert [site.python("-c", FIND, name).strip() for name in ("Kranich", "Reiher")] == [str(EACH)] * 2
    assert nothing_differs(site)


def test_another_process_sees_a_change_within_two_seconds(site: SecondSite) -> None:
    watching = site.start("-c", WATCH, "Wiedehopf")
    assert watching.stdout is not None
    assert watching.stdout.readline() == "looking 0\n"

    published = float(site.python("-c", PUBLISH_AND_TELL, "Wiedehopf", "1"))

    assert float(watching.stdout.readline()) - published < FRESH
    watching.communicate(timeout=30)
    assert watching.returncode == 0


@pytest.mark.services  # needs no server, but half a minute
def test_a_rebuild_killed_in_the_middle_leaves_the_index_as_it_was(site: SecondSite) -> None:
    before = (folder(site) / "current").read_text()
    for _try in range(5):
        if killed_while_building(site):
            break
    else:
        pytest.fail("No rebuild could be killed in the middle.")

    assert (folder(site) / "current").read_text() == before
    assert nothing_differs(site)
    site.python("manage.py", "search_index", "rebuild")
    assert (folder(site) / "current").read_text() != before
    assert len(list(folder(site).glob("index-*"))) == 2  # what was left behind is gone
    assert nothing_differs(site)


def killed_while_building(site: SecondSite) -> bool:
    """Kill a rebuild as soon as a new folder appears; return whether it had not been swapped in yet."""
    live, there = (folder(site) / "current").read_text(), set(folder(site).glob("index-*"))
    rebuilding = site.start("manage.py", "search_index", "rebuild")
    while rebuilding.poll() is None and set(folder(site).glob("index-*")) <= there:
        time.sleep(0.001)
    os.kill(rebuilding.pid, signal.SIGKILL)
    rebuilding.communicate(timeout=30)
    return (folder(site) / "current").read_text() == live and set(folder(site).glob("index-*")) > there


@pytest.mark.services  # needs no server, but half a minute
def test_a_worker_killed_while_it_applies_loses_nothing(site: SecondSite) -> None:
    luck = random.Random(11)
    for _round in range(3):
        worker = site.start("manage.py", "worker")
        noted = state(site)
        site.python("-c", CHANGE_AND_DIE)
        until(lambda noted=noted: state(site) != noted, worker)
        site.python("-c", CHANGE_AND_DIE)
        time.sleep(luck.random() * 0.6)
        os.kill(worker.pid, signal.SIGKILL)
        worker.communicate(timeout=30)
        assert nothing_differs(site)


def state(site: SecondSite) -> str:
    return (folder(site) / (folder(site) / "current").read_text() / "state.json").read_text()


def until(is_so: object, worker: subprocess.Popen[str]) -> None:
    """Wait until something is so, while the worker works."""
    assert callable(is_so)
    deadline = time.monotonic() + 60
    while not is_so():
        assert worker.poll() is None, "the worker has ended"
        assert time.monotonic() < deadline, "the worker applies nothing"
        time.sleep(0.01)
