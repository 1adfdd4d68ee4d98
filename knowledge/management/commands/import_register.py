"""Loads the register of municipalities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from knowledge.register_files import RegisterError
from knowledge.services.register import import_register


class Command(BaseCommand):
    """Without FILE the register shipped with this project, with FILE the official one (GV100AD)."""

    help = "Brings the register of municipalities up to date: the shipped one, or the official GV100AD file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take an optional file."""
        parser.add_argument("file", nargs="?", type=Path, help="text file GV100AD of the Federal Statistical Office")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what changed."""
        with tqdm(desc="Municipalities", unit=" rows", disable=None, leave=False) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                result = import_register(file=options["file"], progress=progress)
            except RegisterError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(
            f"{result.read} places read: {result.added} added, {result.changed} changed, "
            f"{result.dissolved} no longer in the register."
        )
        if result.taken:
            self.stdout.write(f"Left out, rows of editors have these keys: {', '.join(result.taken)}")
