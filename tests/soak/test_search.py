"""The faults of the search at full length: 2 x 200 pages at once, many kills, a topic of 2,000 pages."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import Any

import pytest

from search import documents, indexing, jobs, verifying
from search.engines import choice
from search.engines.interface import SearchRequest
from search.queries import search
from tests.factories import pages as make
from tests.home.moving.second_site import SecondSite
from tests.search.test_processes import FIND, PLANT, PUBLISH, killed_while_building, nothing_differs

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> SecondSite:
    """A site of its own with an index for both languages."""
    made = SecondSite(tmp_path_factory.mktemp("soak") / "site")
    made.python("-c", PLANT)
    made.python("manage.py", "search_index", "rebuild")
    return made


def test_two_processes_publish_200_pages_each_while_workers_are_killed(site: SecondSite) -> None:
    luck = random.Random(5)
    writers = [site.start("-c", PUBLISH, name, "200") for name in ("Kranich", "Reiher")]
    while any(writer.poll() is None for writer in writers):
        worker = site.start("manage.py", "worker")
        time.sleep(2 + 3 * luck.random())
        os.kill(worker.pid, signal.SIGKILL)
        worker.communicate(timeout=30)

    assert [writer.communicate()[0] for writer in writers] == ["", ""]
    assert [site.python("-c", FIND, name).strip() for name in ("Kranich", "Reiher")] == ["200", "200"]
    assert nothing_differs(site)


def test_twenty_rebuilds_killed_in_the_middle(site: SecondSite) -> None:
    killed = sum(killed_while_building(site) for _time in range(20))

    assert killed > 10
    assert nothing_differs(site)


@pytest.mark.django_db
def test_a_topic_renamed_on_2000_pages(settings: Any) -> None:
    tree, topic = make.make_tree(), make.topic("rural")
    for number in range(2000):
        make.make_practice(tree, title=f"Bus {number}", topics=[topic])
    indexing.rebuild(choice.embedded(), "de")

    began = time.monotonic()
    topic.name = "Moorlandschaft"
    topic.save()
    saved = time.monotonic() - began
    while jobs.refresh_stale():
        pass

    assert search(SearchRequest("Moorlandschaft")).total == 2000
    assert saved < 1.0  # the editor does not wait for 2,000 pages
    assert documents.repair_everything(lambda _done: None) == 0
    assert verifying.verify(choice.embedded(), "de") == []
