"""`manage.py import_subscribers FILE.csv`: take in readers whose consent has a date and a source; others are named."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.newsletter.services import importing


class Command(BaseCommand):
    """Import readers of an old list."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", help="CSV with the columns " + ", ".join(importing.COLUMNS))
        parser.add_argument("--dry-run", action="store_true", help="only check, take nothing in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and name every line that was not taken, with its number and the reason."""
        taken = rejected = 0
        try:
            with open(options["file"], encoding="utf-8", newline="") as lines:  # noqa: PTH123 - csv wants it so
                for number, reason in importing.take_in(lines, dry_run=options["dry_run"]):
                    taken, rejected = (taken, rejected + 1) if reason else (taken + 1, rejected)
                    if reason:
                        self.stderr.write(f"line {number}: {reason}")
        except (OSError, UnicodeDecodeError, importing.NoListError) as error:
            raise CommandError(str(error)) from error
        word = "would be taken in" if options["dry_run"] else "taken in"
        self.stdout.write(f"{taken} readers {word}, {rejected} lines rejected.")
