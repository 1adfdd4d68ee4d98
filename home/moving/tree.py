"""Places imported pages: which page is meant, which are its translations, below what it hangs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from cms.i18n import EASY
from home.models import HomePage, ImportedItem
from home.moving.addresses import free_slug
from home.moving.kinds import OVERVIEWS, PAGES
from home.moving.lines import Line, LineError, line_at
from home.services.bootstrap import HOME_KEY

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "kgi:moving")
MAX_HOPS = 5


@dataclass(frozen=True)
class Entry:
    """Where a line stands in the file."""

    number: int
    offset: int
    kind: str


class Tree:
    """The pages of the file and of earlier imports, found by language and old name; empty ones are made on demand."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.entries: dict[tuple[str, str], Entry] = {}
        self.originals: dict[str, str] = {}
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self._making: set[tuple[str, str]] = set()
        self._parent: tuple[int, Page] | None = None

    def add(self, line: Line) -> None:
        """Remember a line. Raises LineError for a second one of the same name."""
        if (first := self.entries.get(line.key)) is not None:
            raise LineError(
                _("“%(id)s” stands in line %(number)s already.") % {"id": line.source_id, "number": first.number}
            )
        self.entries[line.key] = Entry(line.number, line.offset, line.kind)
        if original := line.data.get("translation_of"):
            self.originals[line.source_id] = original

    def find(self, locale: str, source_id: str) -> Page | None:
        """Return a page by its old name, as an empty draft when its line is still to come; None when there is none."""
        record = ImportedItem.objects.filter(source_id=source_id, locale=locale).select_related("page").first()
        if record is not None:
            return record.page
        entry = self.entries.get((source_id, locale))
        if entry is None or entry.kind not in PAGES or (source_id, locale) in self._making:
            return None
        self._making.add((source_id, locale))
        try:
            return self.stub(line_at(self.file, entry.number, entry.offset))
        except LineError:
            return None
        finally:
            self._making.discard((source_id, locale))

    def knows(self, locale: str, source_id: str) -> bool:
        """Return whether there is such a page, or a line of it."""
        is_imported = ImportedItem.objects.filter(source_id=source_id, locale=locale, page__isnull=False).exists()
        return is_imported or (source_id, locale) in self.entries

    def stub(self, line: Line) -> Page:
        """Put an empty draft in its place and remember it."""
        page = self.new_page(line)
        if page.pk is None:
            self.parent_of(line).add_child(instance=page)
        self.remember(line, page)
        return page

    def remember(self, line: Line, page: Page, **facts: Any) -> ImportedItem:
        """Record what became of a line."""
        return ImportedItem.objects.update_or_create(
            source_id=line.source_id,
            locale=line.locale,
            defaults={"kind": line.kind, "page_id": page.pk, "is_indexed": False, **facts},
        )[0]

    def new_page(self, line: Line) -> Any:
        """Return a page that is not saved yet. Raises LineError where somebody's page stands already."""
        model = PAGES[line.kind].model
        key = self.translation_key(line)
        existing = Page.objects.filter(translation_key=key, locale=self.locales[line.locale]).specific().first()
        if isinstance(existing, HomePage) and line.kind == "home" and existing.revisions.count() <= 1:
            return existing  # as bootstrap made it
        if existing is not None:
            raise LineError(_("“%(title)s” is there already and was not imported.") % {"title": existing.title})
        page = model(title=line.data["title"], locale=self.locales[line.locale], translation_key=key, live=False)
        page.draft_title = page.title
        page.slug = free_slug(str(line.data.get("fields", {}).get("slug") or page.title), self.parent_of(line))
        return page

    def translation_key(self, line: Line) -> uuid.UUID:
        """Return the key that all translations share: that of the original's page, or made of the original's name."""
        if line.kind == "home":
            return HOME_KEY
        original = line.data.get("translation_of") or line.source_id
        for _hop in range(MAX_HOPS):
            original = self.originals.get(original, original)
        known = ImportedItem.objects.filter(source_id=original).exclude(page=None).select_related("page").first()
        if known is not None and known.page is not None:
            return uuid.UUID(str(known.page.translation_key))
        try:
            return uuid.UUID(original)
        except ValueError:
            return uuid.uuid5(NAMESPACE, original)

    def parent_of(self, line: Line) -> Page:
        """Return the page below which a line's page belongs, found once a line. Raises LineError where there is none."""
        if self._parent is None or self._parent[0] != line.number:
            self._parent = (line.number, self._find_parent(line))
        return self._parent[1]

    def _find_parent(self, line: Line) -> Page:
        kind, locale = PAGES[line.kind], self.locales[line.locale]
        if named := line.data.get("parent"):
            parent = self.find(line.locale, named)
        elif line.kind == "easy_language" or line.kind == "home":
            parent = Page.objects.filter(depth=2, locale=locale).first() if line.kind == "easy_language" else None
            parent = parent or Page.get_first_root_node()
        else:
            parent = self.overview(kind.below, locale)
        if parent is None:
            raise LineError(_("There is no page “%(name)s” to stand below.") % {"name": named or kind.below})
        parent = Page.objects.get(pk=parent.pk).specific
        if not kind.model.can_exist_under(parent):
            raise LineError(
                _("“%(kind)s” cannot stand below “%(parent)s”.") % {"kind": line.kind, "parent": parent.title}
            )
        return parent

    def overview(self, kind: str, locale: Locale) -> Page | None:
        """Return the overview of a kind in a language, made where it is missing."""
        found = PAGES[kind].model.objects.filter(locale=locale).order_by("path").first()
        if found is not None or kind not in OVERVIEWS or locale.language_code == EASY:
            return found
        for (source_id, language), entry in self.entries.items():
            if entry.kind == kind and language == locale.language_code:
                return self.find(language, source_id)
        return self._make_overview(kind, locale)

    def _make_overview(self, kind: str, locale: Locale) -> Page | None:
        home = HomePage.objects.filter(locale=locale).first()
        if home is None:
            return None
        title, slug = OVERVIEWS[kind][locale.language_code]
        page = PAGES[kind].model(title=title, draft_title=title, locale=locale, live=False)
        page.slug, page.show_in_menus = free_slug(slug, home), True
        other = PAGES[kind].model.objects.exclude(locale=locale).order_by("path").first()
        page.translation_key = other.translation_key if other else uuid.uuid5(NAMESPACE, f"overview {kind}")
        home.add_child(instance=page)
        page.save_revision().publish()
        return page
