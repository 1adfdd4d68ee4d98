"""`manage.py demo load|remove|build`: bring the demo content, take exactly it away again, build its files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from home.demo.loader import Loader
from home.demo.reader import DemoError
from home.demo.removal import remove


class Command(BaseCommand):
    """Load or remove the demo content."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        parser.add_argument("action", choices=["load", "remove", "build"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say in a sentence what happened."""
        if options["action"] == "load":
            self._load()
        elif options["action"] == "build":
            from home.demo.building import build_all  # needs packages of development

            self.stdout.write("Built " + ", ".join(build_all()))
        else:
            removed, kept = remove()
            self.stdout.write(f"{removed} pages, rows and files of the demo removed.")
            for name in kept:
                self.stdout.write(f"Kept because other content needs it: {name}")

    def _load(self) -> None:
        try:
            loader = Loader(progress=self._progress)
            loader.load()
        except (DemoError, LookupError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Demo content loaded: {loader.changed} things made or renewed.")
        for title in loader.kept:
            self.stdout.write(f"Left alone, an editor has changed it: {title}")

    @staticmethod
    def _progress(rows: Iterable[Any], label: str) -> Iterable[Any]:
        return tqdm(list(rows), desc=f"Loading demo {label}", unit="", ascii=" -", dynamic_ncols=True)
