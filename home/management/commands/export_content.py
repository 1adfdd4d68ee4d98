"""`manage.py export_content DIR`: writes all public content with its files, for `import_content` elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm
from wagtail.models import Page

from home.moving.exporting import FILE_NAME, Export


class Command(BaseCommand):
    """Export into a folder that is new or empty."""

    help = "Writes all public pages, vocabularies, dates and files into a folder; people's data stays here."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, help="new or empty folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export and say what is in the folder, and what is not."""
        folder: Path = options["folder"].absolute()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not an empty folder.")
        export = Export(folder, progress=self._progress)
        pages = export.run()
        self.stdout.write(f"{pages} pages and {len(export.files)} files are in {folder / FILE_NAME}.")
        for text in export.left_out:
            self.stdout.write(f"Left out: {text}")

    @staticmethod
    def _progress(pages: Iterable[Page], total: int) -> Iterable[Page]:
        return tqdm(pages, total=total, desc="Exporting", unit="", ascii=" -", dynamic_ncols=True, disable=None)
