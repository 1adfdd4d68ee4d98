"""The commands as an operator calls them: words, errors, and a run that was killed."""

from __future__ import annotations

import io
import signal
import sqlite3
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from home.moving.exporting import FILE_NAME
from tests.factories import pages as make
from tests.home.moving.conftest import Box, practice
from tests.home.moving.second_site import SecondSite


def test_import_says_what_it_did_line_by_line(box: Box, tree: make.Tree) -> None:
    box.write(practice(), b"{broken", practice("3", title="Drei", step="nowhere"))
    out = io.StringIO()

    call_command("import_content", box.file, stdout=out)

    said = out.getvalue().splitlines()
    assert said[0].startswith("Line 2: Nicht übernommen: Kein JSON:")
    assert said[1] == (
        "Line 3: Nicht übernommen: Unbekannter Schritt „nowhere“. Bekannt: allies, network, plan, training, service, pr"
    )
    assert said[2:] == [
        "1 new, 0 renewed, 0 unchanged, 0 left as editors changed them, 2 lines not taken.",
        "1 pages lack something: see the report “To complete” in the admin.",
    ]


def test_import_needs_a_file_and_a_home_page(box: Box, db: None) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_content", box.folder / "nothing.jsonl")
    box.write(practice())
    with pytest.raises(CommandError, match=r"Run `manage\.py bootstrap` first"):
        call_command("import_content", box.file)


def test_export_needs_an_empty_folder(box: Box, tree: make.Tree) -> None:
    box.write(practice())
    with pytest.raises(CommandError, match="is not an empty folder"):
        call_command("export_content", box.folder)


def test_export_says_what_is_in_it(box: Box, tree: make.Tree) -> None:
    out = io.StringIO()

    call_command("export_content", box.folder / "out", stdout=out)

    assert out.getvalue() == f"16 pages and 0 files are in {box.folder / 'out' / FILE_NAME}.\n"


def test_killed_import_goes_on_where_it_was(box: Box, tmp_path: Path) -> None:
    site = SecondSite(tmp_path / "site")
    count, seen = 30, 8
    box.write(*(practice(str(n), title=f"Bus {n}", body="<p>Ja</p><iframe></iframe>") for n in range(count)))

    running = site.start("manage.py", "import_content", str(box.file))
    assert running.stdout is not None
    heard = [running.stdout.readline() for _number in range(seen)]
    running.send_signal(signal.SIGKILL)
    running.communicate()
    again = site.python("manage.py", "import_content", str(box.file)).splitlines()[-2].split()

    assert heard[0] == "Line 1: weggelassen: <iframe>\n"
    made, unchanged = int(again[0]), int(again[4])
    assert (running.returncode, made + unchanged, unchanged >= seen, made > 0) == (-signal.SIGKILL, count, True, True)
    assert ask(site, "SELECT COUNT(*), COUNT(DISTINCT page_ptr_id) FROM knowledge_goodpracticepage") == (count, count)
    assert ask(site, "SELECT COUNT(*) FROM home_importeditem WHERE digest = '' OR NOT is_indexed") == (0,)
    live = "SELECT COUNT(*) FROM wagtailcore_page WHERE live AND slug LIKE 'bus-%' AND live_revision_id IS NOT NULL"
    assert ask(site, live) == (count,)


@pytest.mark.services
def test_visitor_who_writes_beside_an_import_does_not_wait_long(box: Box, tmp_path: Path) -> None:
    site = SecondSite(tmp_path / "site")
    box.write(*(practice(str(n), title=f"Bus {n}", body="<p>Ja</p>") for n in range(60)))
    patience, writes = 2.0, 0  # seconds; without turns it is three in the median

    running = site.start("manage.py", "import_content", str(box.file))
    while not ask(site, "SELECT COUNT(*) FROM home_importeditem")[0]:
        time.sleep(0.02)
    visitor = sqlite3.connect(site.database, timeout=patience, isolation_level=None)
    while running.poll() is None:
        visitor.execute("UPDATE cms_counter SET value = value + 1")  # raises OperationalError: database is locked
        writes += 1
        time.sleep(0.3)  # as visitors do, who are not there all the time
    visitor.close()

    assert (running.returncode, writes > 1) == (0, True)
    assert ask(site, "SELECT COUNT(*) FROM knowledge_goodpracticepage") == (60,)


def ask(site: SecondSite, question: str) -> tuple[int, ...]:
    """Return the one row that answers."""
    with sqlite3.connect(site.database) as connection:
        row: tuple[int, ...] = connection.execute(question).fetchone()
    connection.close()
    return row
