"""`manage.py import_content FILE.jsonl`: moves pages, files and addresses in from another site."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from home.models import HomePage
from home.moving.importing import Import
from home.moving.memory import use_one_arena
from home.moving.references import UNKNOWN
from home.moving.tree import Entry


class Command(BaseCommand):
    """Import a JSON Lines file; run again, it goes on where it was and takes only what has changed."""

    help = "Moves content in from a JSON Lines file; files lie beside it. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and what to do with what it does not know."""
        parser.add_argument("file", type=Path, help="JSON Lines file, one page a line")
        parser.add_argument("--unknown", choices=UNKNOWN, default="refuse", help="unknown topics and municipalities")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, say each problem with its line, then what was done."""
        file: Path = options["file"].absolute()
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if not HomePage.objects.exists():
            raise CommandError("There is no home page yet. Run `manage.py bootstrap` first.")
        use_one_arena()
        run = Import(
            file, unknown=options["unknown"], dry_run=options["dry_run"], say=self._say, progress=self._progress
        )
        result = run.run()
        would = "Dry run, nothing written: would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{would}{result.made} new, {result.renewed} renewed, {result.skipped} unchanged, "
            f"{result.kept} left as editors changed them, {result.failed} lines not taken."
        )
        if result.incomplete:
            self.stdout.write(f"{result.incomplete} pages lack something: see the report “To complete” in the admin.")

    def _say(self, number: int, text: str) -> None:
        with tqdm.external_write_mode():
            self.stdout.write(f"Line {number}: {text}")

    @staticmethod
    def _progress(entries: Iterable[Entry], total: int) -> Iterable[Entry]:
        return tqdm(entries, total=total, desc="Moving in", unit="", ascii=" -", dynamic_ncols=True, disable=None)
