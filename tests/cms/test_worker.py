"""The worker: jobs come again, errors and slow groups hold up nobody, it ends when asked."""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page, Site

from cms import health, worker
from cms.worker import Job


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


ENOUGH = 5
PATIENCE = 20


def work_until(done: threading.Event, *jobs: Job) -> None:
    """Run the worker until an event of the jobs, never until a time of day."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop, list(jobs)))
    thread.start()
    happened = done.wait(PATIENCE)
    stop.set()
    thread.join(PATIENCE)
    assert happened
    assert not thread.is_alive()


def job(run, every: float = 0.05, group: str = "clocks") -> Job:
    return Job(run=run, every=every, group=group, name="job")


def counting(runs: list[str], done: threading.Event):
    def run() -> None:
        runs.append("run")
        if len(runs) >= ENOUGH:
            done.set()

    return run


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_comes_again_and_ends_nothing(data_dir, caplog):
    failed: list[str] = []
    works: list[str] = []
    done = threading.Event()

    def fails() -> None:
        failed.append("fails")
        raise RuntimeError("broken on purpose")

    work_until(done, job(fails), job(counting(works, done)))

    assert len(failed) >= ENOUGH - 1
    assert "broken on purpose" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_slow_group_holds_up_no_other(data_dir):
    runs: list[str] = []
    done = threading.Event()

    # the slow job ends only when the quick one has run often enough: one thread for both would never get there
    slow = job(lambda: done.wait(PATIENCE * 2), group="slow")
    work_until(done, slow, job(counting(runs, done)))

    assert len(runs) >= ENOUGH


@pytest.mark.django_db(transaction=True)
def test_a_job_waits_its_time(data_dir):
    rare: list[str] = []
    done = threading.Event()

    work_until(done, job(lambda: rare.append("once"), every=60), job(counting([], done)))

    assert rare == ["once"]


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_comes_and_goes_with_the_worker(data_dir):
    seen: list[str] = []
    done = threading.Event()

    def look() -> None:
        seen.append(health.worker_state())
        if seen[-1] == "ok":
            done.set()

    work_until(done, job(look))

    assert seen[-1] == "ok"
    assert worker.last_seen() is None


def test_a_heartbeat_that_stopped_is_told(data_dir, monkeypatch):
    worker.beat()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + worker.SILENT_AFTER + 1)

    assert health.worker_state() == "silent"


def test_registering_twice_replaces():
    before = {entry.name: entry for entry in worker.registered()}

    worker.register(worker.publish_scheduled, every=60)

    assert [entry.name for entry in worker.registered()] == list(before)
    assert "cms.worker.publish_scheduled" in before
    assert before["cms.worker.publish_scheduled"].every == 60


@pytest.mark.django_db
def test_scheduled_pages_are_published(client):
    root = Site.objects.get(is_default_site=True).root_page
    page = root.add_child(instance=Page(title="Soon", slug="soon", live=False))
    page.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))

    worker.publish_scheduled()

    page.refresh_from_db()
    assert page.live
