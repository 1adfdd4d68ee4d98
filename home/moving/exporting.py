"""Writes all public content as JSON Lines with its files; people stay, pages refer to them by a key that names nobody."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from cms.models import CustomDocument, CustomImage
from cms.pages import private_paths
from home.models import ImportedItem
from home.moving.kinds import PAGES, ROWS, kind_of, writable_fields
from home.moving.references import describe
from home.moving.rows import FACTS
from home.moving.runs import read_runs
from home.moving.said import said
from trainings.models import OfferPage

FILE_NAME = "content.jsonl"
SAID_APART = {"teaser", "image", "steps", "topics", "municipality"}
Progress = Callable[[Iterable[Page], int], Iterable[Page]]


class Export:
    """One export into a folder. References are written as `page:de/id`, `file:path`, `person:key`."""

    def __init__(self, folder: Path, *, progress: Progress = lambda pages, _total: pages) -> None:
        self.folder, self.progress = folder, progress
        self.files: dict[tuple[str, int], str] = {}
        self.left_out: list[str] = []
        self.names: dict[int, tuple[str, str]] = {}
        self.originals: dict[int, str] = {}

    def run(self) -> int:
        """Write the folder and return how many pages are in it. The file appears when everything is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._name_pages()
        draft = self.folder / f"{FILE_NAME}.draft"
        with draft.open("w", encoding="utf-8") as out:
            for line in self._lines():
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
        draft.replace(self.folder / FILE_NAME)
        return len(self.names)

    def _lines(self) -> Iterator[dict[str, Any]]:
        yield from self._rows()
        for page in self.progress(self._pages(), len(self.names)):
            yield self._page(page.specific)
        for (kind, key), path in self.files.items():
            yield self._file(kind, key, path)

    # --- pages -----------------------------------------------------------------------------------------------------

    @staticmethod
    def public_pages() -> models.QuerySet[Page]:
        """Return the live pages that everybody may see, parents before children."""
        pages = Page.objects.live().filter(depth__gt=1, alias_of__isnull=True)
        for path in private_paths():
            pages = pages.exclude(path__startswith=path)
        return pages.exclude(expire_at__lte=timezone.now()).order_by("path")

    def _name_pages(self) -> None:
        imported = dict(ImportedItem.objects.exclude(page=None).values_list("page_id", "source_id"))
        groups: dict[Any, list[Page]] = defaultdict(list)
        for page in self.public_pages().select_related("locale", "content_type"):
            groups[page.translation_key].append(page)
        for key, pages in groups.items():
            pages.sort(key=lambda page: (page.locale.language_code != "de", page.locale.language_code))
            for page in pages:
                if not any(kind.model is page.specific_class for kind in PAGES.values()):
                    self.left_out.append(_("“%(title)s”: pages of its type cannot be moved") % {"title": page.title})
                    continue
                language = page.locale.language_code
                own = str(key) if page is pages[0] else f"{key}-{language}"
                self.names[page.pk] = (language, imported.get(page.pk, own))
                if page is not pages[0]:
                    self.originals[page.pk] = self.names[pages[0].pk][1]

    def _pages(self) -> Iterator[Page]:
        for page in self.public_pages().iterator(chunk_size=200):
            if page.pk in self.names:
                yield page

    def _page(self, page: Any) -> dict[str, Any]:
        language, source_id = self.names[page.pk]
        parent = self.names.get(page.get_parent().pk)
        line = {
            "kind": kind_of(page),
            "locale": language,
            "source_id": source_id,
            "translation_of": self.originals.get(page.pk),
            "parent": parent[1] if parent else None,
            "title": page.title,
            "summary": page.teaser or None,
            **self._apart(page),
            "old_url": self._old_urls(page),
            "fields": self._fields(page, SAID_APART),
        }
        if isinstance(page, OfferPage) and page.pk not in self.originals:
            line["runs"] = read_runs(page) or None
        return {name: value for name, value in line.items() if value is not None}

    def _apart(self, page: Any) -> dict[str, Any]:
        """Return the facts that have keys of their own."""
        known = writable_fields(type(page))
        facts: dict[str, Any] = {}
        if "steps" in known:
            facts["step"] = [step.code for step in page.steps.all()]
        if "topics" in known:
            facts["topics"] = [topic.slug for topic in page.topics.all()]
        if getattr(page, "municipality_id", None):
            facts["municipality"] = describe(page.municipality)
        if page.image is not None and (path := self.file(page.image)):
            facts["image"] = {"path": path, "alt": page.image_alt}
        return facts

    def _old_urls(self, page: Page) -> list[str] | None:
        rows = Redirect.objects.filter(Q(redirect_page_id=page.pk), is_permanent=True).order_by("old_path")
        return list(rows.values_list("old_path", flat=True)) or None

    def _fields(self, row: Any, apart: set[str]) -> dict[str, Any]:
        return {
            name: value
            for name, field in writable_fields(type(row)).items()
            if name not in apart and (value := said(row, field, self)) is not None
        }

    # --- what said() asks ------------------------------------------------------------------------------------------

    def page(self, key: Any) -> str | None:
        """Return the reference to a page; None for one that is not exported."""
        name = self.names.get(int(key))
        return f"page:{name[0]}/{name[1]}" if name else None

    def file(self, row: CustomImage | CustomDocument) -> str | None:
        """Return the path of a picture or document, copied into the folder on first need; None when it is lost."""
        kind = "image" if isinstance(row, CustomImage) else "document"
        if (kind, row.pk) not in self.files:
            path = f"{kind}s/{row.pk}/{PurePosixPath(row.file.name).name}"
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with row.file.storage.open(row.file.name) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
            except FileNotFoundError:
                self.left_out.append(_("“%(title)s”: the file is lost") % {"title": row.title})
                return None
            self.files[kind, row.pk] = path
        return self.files[kind, row.pk]

    # --- rows ------------------------------------------------------------------------------------------------------

    def _rows(self) -> Iterator[dict[str, Any]]:
        for kind, row_kind in ROWS.items():
            rows = row_kind.model._default_manager.order_by("pk")
            for row in rows if row_kind.key else [row_kind.model.load()]:  # type: ignore[attr-defined]
                code = getattr(row, row_kind.key) if row_kind.key else kind
                yield {"kind": kind, "source_id": code, "fields": self._fields(row, set())}

    def _file(self, kind: str, key: int, path: str) -> dict[str, Any]:
        model: Any = CustomImage if kind == "image" else CustomDocument
        row = model.objects.get(pk=key)
        facts = {name: getattr(row, name) for name in FACTS[kind] if getattr(row, name) not in (None, "")}
        return {"kind": kind, "source_id": path, "fields": facts}
