"""Serving: one start, one end, clear words; preparing repeats only what changed."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from cms import catalogues, local_secrets, prepare, serving

ROOT = Path(__file__).resolve().parents[2]
SLEEP = "import time; time.sleep(60)"


def child(name: str, code: str, **options: Any) -> serving.Child:
    return serving.Child(name, subprocess.Popen([sys.executable, "-c", code], start_new_session=True, **options))


@pytest.fixture
def busy_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_when_one_child_ends_all_end():
    children = [child("web", SLEEP), child("worker", "import sys; sys.exit(3)")]

    ended = serving.run_together(children, threading.Event())

    assert ended is children[1]
    assert children[0].process.returncode == -signal.SIGTERM


def test_when_asked_all_end():
    children = [child("web", SLEEP), child("worker", SLEEP)]
    stop = threading.Event()
    stop.set()

    assert serving.run_together(children, stop) is None
    assert [one.process.returncode for one in children] == [-signal.SIGTERM, -signal.SIGTERM]


def test_who_does_not_listen_is_ended_by_force(monkeypatch):
    monkeypatch.setattr(serving, "PATIENCE", 0.5)
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    deaf = child("deaf", code, stdout=subprocess.PIPE)
    assert deaf.process.stdout is not None
    deaf.process.stdout.readline()  # from here on it does not listen

    serving.end([deaf])

    assert deaf.process.returncode == -signal.SIGKILL


def test_a_busy_port_is_seen(busy_port):
    assert not serving.is_port_free("127.0.0.1", busy_port)


def test_serve_says_clearly_that_the_port_is_busy(busy_port, tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATA_DIR": str(tmp_path),
        "PORT": str(busy_port),
    }
    command = [sys.executable, "manage.py", "serve"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert f"Port {busy_port} is in use" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "db.sqlite3").exists()


def test_a_step_runs_again_only_after_a_change(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    due = []

    for fingerprint in ("a", "a", "b"):
        with prepare.when_changed("step", fingerprint) as is_due:
            due.append(is_due)

    assert due == [True, False, True]


def test_a_step_that_failed_runs_again(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    with pytest.raises(RuntimeError), prepare.when_changed("step", "a"):
        raise RuntimeError

    with prepare.when_changed("step", "a") as is_due:
        assert is_due


def test_a_fingerprint_knows_names_contents_and_texts(tmp_path):
    file = tmp_path / "a.css"
    file.write_text("one")
    before = prepare.digest([file], "version 1")

    assert prepare.digest([file], "version 1") == before
    assert prepare.digest([file], "version 2") != before
    file.write_text("two")
    assert prepare.digest([file], "version 1") != before


def test_only_changed_catalogues_are_compiled(tmp_path):
    source = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Step"\nmsgstr "Schritt"\n'
    )

    assert catalogues.compile_changed(tmp_path) == [source]
    assert catalogues.compile_changed(tmp_path) == []
    os.utime(source, (time.time() + 5, time.time() + 5))
    assert catalogues.compile_changed(tmp_path) == [source]


def test_gaps_of_a_catalogue_are_named(tmp_path):
    source = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Step"\nmsgstr "Schritt"\n\nmsgid "Open"\nmsgstr ""\n\n#, fuzzy\nmsgid "Near"\nmsgstr "Fern"\n\n'
        'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "eins"\nmsgstr[1] ""\n'
    )

    assert catalogues.gaps(tmp_path) == [
        "de: 'Open' is not translated",
        "de: 'Near' is fuzzy",
        "de: ('one', 'many') is not translated",
    ]


@pytest.mark.services
def test_the_whole_starts_and_ends_together(tmp_path):
    """A visitor gets a page, Ctrl-C ends everything, and so does the death of one part."""
    port = serving_port()
    output = tmp_path / "output"
    server = start_site(tmp_path, port, output)
    text = wait_for(output, "Ctrl-C ends everything", server)

    assert f"The site is at  http://127.0.0.1:{port}/" in text
    assert f"password: {local_secrets.load(tmp_path / 'data')['admin_password']}" in text
    assert str(tmp_path / "data" / "mail") in text
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        assert page.url == f"http://127.0.0.1:{port}/de/"
        assert page.status == 200

    server.send_signal(signal.SIGINT)
    assert server.wait(20) == 0
    assert serving.is_port_free("127.0.0.1", port)

    began = time.monotonic()
    again = start_site(tmp_path, port, output)
    wait_for(output, "Ctrl-C ends everything", again)
    assert time.monotonic() - began < 30
    assert "Loading the demo" not in output.read_text()

    os.kill(children_of(again.pid)[-1], signal.SIGKILL)
    assert again.wait(20) == 1
    assert "ended by itself" in output.read_text()
    assert serving.is_port_free("127.0.0.1", port)


def serving_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_site(folder: Path, port: int, output: Path) -> subprocess.Popen[bytes]:
    environment = {
        **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATA_DIR": str(folder / "data"),
        "PORT": str(port),
    }
    with output.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT
        )


def wait_for(output: Path, text: str, server: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and server.poll() is None:
        if text in output.read_text():
            return output.read_text()
        time.sleep(0.2)
    pytest.fail(f"The site did not start:\n{output.read_text()[-2000:]}")


def children_of(parent: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=True)
    return [int(pid) for pid in re.findall(r"\d+", found.stdout)]


def test_web_process_starts_without_what_no_page_needs():
    heavy = ("docx", "elasticsearch", "icalendar", "markdown_it", "openpyxl", "pptx", "pypdf", "segno", "tantivy")
    names = (*heavy, "typst", "xlsxwriter", "debug_toolbar", "home.demo.loader", "search.evaluation")
    code = f"import sys, cms.wsgi, cms.urls; print([name for name in {names!r} if name in sys.modules])"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test"}

    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("[]\n", "")
