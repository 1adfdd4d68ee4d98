"""Reads a file line by line into pages, rows and files; each line is one transaction, so a broken-off run goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from home.models import ImportedItem
from home.moving.addresses import old_paths, redirect_old
from home.moving.building import fill, release, take_over_facts, unknown_fields
from home.moving.completing import gaps
from home.moving.context import Context
from home.moving.indexing import index_imported, quiet_indexes
from home.moving.kinds import FILES, LATE, PAGES, ROWS, STRUCTURE
from home.moving.lines import TYPES, Line, LineError, line_at, parse, raw_lines
from home.moving.rows import write_file, write_row
from home.moving.tree import Entry, Tree
from home.moving.turns import Turns

FAILURES = (LineError, ValidationError, DataError, IntegrityError, RecursionError)
Say = Callable[[int, str], None]
Progress = Callable[[Iterable[Entry], int], Iterable[Entry]]


class Kept(Exception):  # noqa: N818 - no error: the page stays as an editor left it
    """A page that an editor has changed or deleted since its import."""


@dataclass
class Result:
    """What an import did."""

    made: int = 0
    renewed: int = 0
    skipped: int = 0
    kept: int = 0
    failed: int = 0
    incomplete: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


class Import:
    """One import of a file. `say` hears the line number and the sentence of each problem and note."""

    def __init__(
        self,
        file: Path,
        *,
        unknown: str = "refuse",
        dry_run: bool = False,
        say: Say = lambda _number, _text: None,
        progress: Progress = lambda entries, _total: entries,
    ) -> None:
        self.file, self.unknown, self.dry_run, self.say, self.progress = file, unknown, dry_run, say, progress
        self.tree = Tree(file)
        self.result = Result()

    def run(self) -> Result:
        """Read the whole file once for what stands where, then write: rows, files, pages, and what chooses pages."""
        self._survey()
        turns = Turns()
        with quiet_indexes():
            for entry in self.progress(self._in_order(), len(self.tree.entries)):
                self._take(entry)
                turns.give()
            if not self.dry_run:
                index_imported()
        return self.result

    def _survey(self) -> None:
        unknown: dict[str, int] = {}
        for number, offset, raw in raw_lines(self.file):
            try:
                line = parse(number, offset, raw)
                old_paths(line.data.get("old_url"))
                self.tree.add(line)
            except (LineError, RecursionError) as error:
                self._fail(number, error)
                continue
            names = [name for name in line.data if name not in TYPES]
            if line.kind in PAGES:
                names += [f"fields.{name}" for name in unknown_fields(line.data)]
            for name in names:
                unknown.setdefault(name, number)
        for name, number in unknown.items():
            self.say(number, _("Unknown key “%(name)s” is ignored, here and in later lines.") % {"name": name})

    def _in_order(self) -> Iterator[Entry]:
        """Yield rows and files first, then the frame of the site as empty pages in their order, then all pages."""
        entries = list(self.tree.entries.values())
        yield from (entry for entry in entries if entry.kind in ROWS and entry.kind != LATE)
        yield from (entry for entry in entries if entry.kind in FILES)
        if not self.dry_run:
            self._frame([entry for entry in entries if entry.kind in STRUCTURE])
        yield from (entry for entry in entries if entry.kind in PAGES)
        yield from (entry for entry in entries if entry.kind == LATE)

    def _frame(self, entries: list[Entry]) -> None:
        for entry in entries:
            line = line_at(self.file, entry.number, entry.offset)
            with transaction.atomic():
                self.tree.find(line.locale, line.source_id)

    def _take(self, entry: Entry) -> None:
        """Write one line, all or nothing."""
        line = line_at(self.file, entry.number, entry.offset)
        context = Context(line, self.file.parent, self.tree, self.unknown, keep_files=not self.dry_run)
        write = self._page if line.kind in PAGES else self._row
        try:
            with transaction.atomic():
                write(line, context)
                transaction.set_rollback(self.dry_run)
        except Kept as kept:
            self.result.kept += 1
            self.say(line.number, str(kept))
        except FAILURES as error:
            context.undo_files()
            self._fail(line.number, error)
        else:
            for note in context.notes:
                self.say(line.number, note)

    def _fail(self, number: int, error: Exception) -> None:
        self.result.failed += 1
        if isinstance(error, RecursionError):
            error = LineError(_("Nested too deeply."))
        text = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        self.say(number, _("Not taken: %(reason)s") % {"reason": text})

    # --- rows and files --------------------------------------------------------------------------------------------

    def _row(self, line: Line, context: Context) -> None:
        known = self._records_of_rows().count()
        is_changed = (write_file if line.kind in FILES else write_row)(line, context)
        self._count(line, is_new=self._records_of_rows().count() > known, is_same=not is_changed)

    @staticmethod
    def _records_of_rows() -> QuerySet[ImportedItem]:
        return ImportedItem.objects.filter(locale="")

    # --- pages -----------------------------------------------------------------------------------------------------

    def _page(self, line: Line, context: Context) -> None:
        record = (
            ImportedItem.objects.filter(source_id=line.source_id, locale=line.locale).select_related("page").first()
        )
        if record is not None and record.digest:
            if record.digest == line.digest and not any(map(context.is_there, record.unresolved)):
                self._count(line, is_same=True)
                return
            self._refuse_edited(record)
        page = self._saved(line, record, context)
        page = release(page, context)
        context.notes.extend(redirect_old(page, line.data.get("old_url")))
        open_gaps = gaps(page)
        self.tree.remember(
            line,
            page,
            digest=line.digest,
            revision_id=page.latest_revision_id,
            unresolved=context.unresolved,
            gaps=open_gaps,
            is_complete=not open_gaps,
        )
        self.result.incomplete += bool(open_gaps)
        self._count(line, is_new=record is None or not record.digest)

    @staticmethod
    def _refuse_edited(record: ImportedItem) -> None:
        if record.page is None:
            raise Kept(_("The page was deleted here; it stays away."))
        if record.page.latest_revision_id != record.revision_id:
            raise Kept(_("“%(title)s” was changed here; it stays as it is.") % {"title": record.page.title})

    def _saved(self, line: Line, record: ImportedItem | None, context: Context) -> Any:
        """Return the page of the line with its new content, in its place in the tree."""
        known = record.page if record is not None else None
        page = known.specific if known is not None else self.tree.new_page(line)
        if record is None or not record.digest:
            take_over_facts(page)
        fill(page, context)
        if page.pk is None:
            self.tree.parent_of(line).add_child(instance=page)
        elif not page.live and page.latest_revision_id is None:
            page.save()  # a draft that was only a place until now
        return page

    def _count(self, line: Line, *, is_new: bool = False, is_same: bool = False) -> None:
        if is_same:
            self.result.skipped += 1
        elif is_new:
            self.result.made += 1
            self.result.kinds[line.kind] += 1
        else:
            self.result.renewed += 1
