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


def work_for(seconds: float, *jobs: Job) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop, list(jobs)))
    thread.start()
    time.sleep(seconds)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def job(run, every: float = 0.05, group: str = "clocks") -> Job:
    return Job(run=run, every=every, group=group, name="job")


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_comes_again_and_ends_nothing(data_dir, caplog):
    runs: list[str] = []

    def fails() -> None:
        runs.append("fails")
        raise RuntimeError("broken on purpose")

    work_for(0.6, job(fails), job(lambda: runs.append("works")))

    assert runs.count("fails") >= 2
    assert runs.count("works") >= 2
    assert "broken on purpose" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_slow_group_holds_up_no_other(data_dir):
    runs: list[str] = []
    slow_ends = threading.Event()

    work = threading.Thread(
        target=work_for, args=(0.6, job(lambda: slow_ends.wait(3), group="slow"), job(lambda: runs.append("quick")))
    )
    work.start()
    time.sleep(0.5)
    slow_ends.set()
    work.join(5)

    assert len(runs) >= 3


@pytest.mark.django_db(transaction=True)
def test_a_job_waits_its_time(data_dir):
    runs: list[str] = []

    work_for(0.5, job(lambda: runs.append("once"), every=60))

    assert runs == ["once"]


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_comes_and_goes_with_the_worker(data_dir):
    seen: list[str] = []

    work_for(0.4, job(lambda: seen.append(health._worker_state()), every=0.1))

    assert seen[-1] == "ok"
    assert worker.last_seen() is None


def test_a_heartbeat_that_stopped_is_told(data_dir, monkeypatch):
    worker.beat()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + worker.SILENT_AFTER + 1)

    assert health._worker_state() == "silent"


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
