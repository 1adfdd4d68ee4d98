"""`manage.py search_index`: build the indexes anew, compare them with the pages, or tell how they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search import documents, indexing, verifying
from search.engines import choice
from search.engines.interface import Engine, EngineUnavailableError
from search.models import SearchDocument

Item = TypeVar("Item")


class Command(BaseCommand):
    """Rebuild, verify or show the indexes of all languages and engines."""

    help = "Build the search indexes anew, verify (and repair) them, or show their state."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do."""
        parser.add_argument("what", choices=["rebuild", "verify", "status"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        """Do it; end with an error when an engine did not answer or something had to be repaired."""
        try:
            {"rebuild": self._rebuild, "verify": self._verify, "status": self._status}[what]()
        except EngineUnavailableError as error:
            raise CommandError(f"The engine does not answer: {error}") from error

    def _rebuild(self) -> None:
        self._compare_with_pages()
        for locale in indexing.locales():
            indexing.refresh_words(locale)
            total = SearchDocument.objects.filter(locale=locale).count()
            for engine in choice.engines():
                number = indexing.rebuild(
                    engine, locale, with_new_words=False, progress=self._bar(f"{engine.name} {locale}", total)
                )
                self.stdout.write(f"{engine.name} {locale}: {number} documents")

    def _verify(self) -> None:
        repaired = self._compare_with_pages()
        for engine in choice.engines():
            for locale in indexing.locales():
                indexing.catch_up(engine, locale)
                found = verifying.verify(engine, locale)
                repaired += len(found)
                self.stdout.write(f"{engine.name} {locale}: {len(found)} differences")
        if repaired:
            raise CommandError(f"{repaired} differences were found and repaired.")

    def _compare_with_pages(self) -> int:
        with tqdm(total=SearchDocument.objects.count(), desc="Pages", disable=None) as bar:
            return documents.repair_everything(bar.update)

    def _status(self) -> None:
        last = indexing.last_seq()
        for engine in choice.engines():
            for locale in indexing.locales():
                self.stdout.write(_line(engine, locale, last))

    @staticmethod
    def _bar(label: str, total: int) -> Any:
        def wrap(items: Iterable[Item]) -> Iterator[Item]:
            yield from tqdm(items, total=total, desc=label, disable=None)

        return wrap


def _line(engine: Engine, locale: str, last: int) -> str:
    try:
        health = engine.health(locale)
    except EngineUnavailableError as error:
        return f"{engine.name} {locale}: does not answer ({error})"
    if not health.is_ok:
        return f"{engine.name} {locale}: not usable ({health.problem})"
    rows = SearchDocument.objects.filter(locale=locale).count()
    behind = (
        "up to date" if health.seq >= last or not indexing.is_behind(engine, locale) else f"at {health.seq} of {last}"
    )
    return f"{engine.name} {locale}: {health.documents} of {rows} documents, {behind}, words {health.lexicon}"
