"""Loads the demo: idempotent, skips what has not changed, never touches what an editor changed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import yaml
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Locale, Page

from cms.i18n import EASY
from home.demo import files, pictures, tree
from home.demo.care import look_after
from home.demo.dates import is_touched, is_withdrawn, late_dates, monday
from home.demo.enquiries import fill_enquiry, fill_template
from home.demo.infobrief import load_readers
from home.demo.reader import Item, read_all
from home.demo.rows import fill_person, fill_town, load_settings
from home.demo.runs import load_runs, move_runs
from home.demo.values import set_value
from home.models import DemoItem, HomePage
from home.services.bootstrap import HOME_KEY
from home.services.groups import ensure_groups
from knowledge.models import ContactPerson, DevelopmentStep, Municipality, Topic

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "kgi:demo")
HOME_DEPTH = 2
FIELD_NAMES = {
    "trainings.TrainingPage": {"kind": "training_kind"},
    "trainings.ExchangePage": {"kind": "exchange_kind"},
    "home.NewsPage": {"kind": "news_kind"},
    "home.LegalPage": {"kind": "legal_kind"},
}
NOT_FIELDS = {"type", "runs", "locales", "slug_of_home", "confirmed_on", "care", "draft"}
Progress = Callable[[Iterable[Any], str], Iterable[Any]]


class Loader:
    """One load of the demo. Dates count from the Monday of the week of `today` (`home.demo.dates`)."""

    def __init__(self, *, today: dt.date | None = None, progress: Progress = lambda rows, _label: rows) -> None:
        self.base = monday(today or timezone.localdate())
        self.progress = progress
        self.items = read_all()
        self.records = {record.key: record for record in DemoItem.objects.all()}
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self.changed = 0
        self.kept: list[str] = []

    def load(self) -> None:
        """Load rows, then empty pages, then their content, settings last."""
        pictures.draw_ahead(
            motif
            for item in self.items.values()
            if (motif := item.facts.get("image")) and _key(motif) not in self.records
        )
        self._rows()
        pages = tree.ordered(self.items)
        for item in pages:
            self._ensure_pages(item)
        for item in self.progress(pages, "pages"):
            with transaction.atomic():
                self._fill(item)
        with transaction.atomic():
            load_settings(self)
            ensure_groups(HomePage.objects.all())
            load_readers(self)
        self._late_rows()

    # --- references ---------------------------------------------------------------------------------------------

    def row_pk(self, section: str, code: str) -> int:
        """Return the primary key of a town or person."""
        return int(self.records[f"{section}/{code}"].object_id)

    def page_pk(self, reference: str) -> int:
        """Return the primary key of the page behind a reference like `practices/key`, the German one if it exists."""
        key = reference.removeprefix("page:")
        for language in ("de", EASY):
            if (record := self.records.get(f"{key}:{language}")) is not None:
                return int(record.object_id)
        raise LookupError(f"no page “{key}”")

    def row(self, model: Any, code: Any) -> Any:
        """Return the row that a code names."""
        if model is DevelopmentStep:
            return DevelopmentStep.objects.get(code=code)
        if model is Municipality:
            return Municipality.objects.get(pk=self.row_pk("towns", code))
        if model is ContactPerson:
            return ContactPerson.objects.get(pk=self.row_pk("people", code))
        if issubclass(model, Page):
            return model.objects.get(pk=self.page_pk(code))
        raise LookupError(f"No demo row of {model.__name__} called {code}")

    def topic(self, code: str) -> Topic:
        """Return a topic by its code."""
        return Topic.objects.get(slug=code)

    def document_pk(self, entry: dict[str, Any]) -> int:
        """Return the primary key of a demo file, stored on first need."""
        key = f"files/{entry['name']}"
        return int(self._stored(key, entry["name"], lambda: files.document(entry)).object_id)

    def link(self, address: str) -> str:
        """Return the attributes of a link in rich text."""
        if address.startswith("page:"):
            return f'linktype="page" id="{self.page_pk(address)}"'
        return f'href="{address}"'

    # --- rows ----------------------------------------------------------------------------------------------------

    def _rows(self) -> None:
        for section, fill in (("towns", fill_town), ("people", fill_person)):
            for item in (item for item in self.items.values() if item.section == section):
                with transaction.atomic():
                    self._row(item, fill)

    def _late_rows(self) -> None:
        for section, fill in (("answers", fill_template), ("enquiries", fill_enquiry)):
            for item in (item for item in self.items.values() if item.section == section):
                with transaction.atomic():
                    self._row(item, partial(fill, loader=self))

    def _row(self, item: Item, fill: Callable[[Any, Item], models.Model]) -> None:
        record = self.records.get(item.key)
        if record is not None and record.digest == item.digest:
            return
        subject = record.subject if record is not None else None
        if record is not None and subject is None:
            return  # somebody deleted it: it stays away
        self.remember(item.key, fill(subject, item), item.digest)

    def picture(self, motif: dict[str, Any]) -> Any:
        """Return the picture of a motif, drawn on first need."""
        return self._stored(_key(motif), str(pictures.VERSION), lambda: pictures.image(motif)).subject

    def _stored(self, key: str, digest: str, make: Callable[[], models.Model]) -> DemoItem:
        record = self.records.get(key)
        if record is None or record.subject is None:
            self.remember(key, make(), digest)
        return self.records[key]

    # --- pages ---------------------------------------------------------------------------------------------------

    def _ensure_pages(self, item: Item) -> None:
        for language, texts in item.texts.items():
            key = f"{item.key}:{language}"
            if key not in self.records:
                with transaction.atomic():
                    page = self._new_page(item, language, texts)
                    self.remember(key, page, "")

    def _new_page(self, item: Item, language: str, texts: dict[str, Any]) -> Page:
        is_home = item.section == "home" and item.key == "home/home"
        if is_home and language != EASY:
            return HomePage.objects.get(locale=self.locales[language])
        page: Page = tree.model_of(item, language)(
            title=texts["title"],
            draft_title=texts["title"],
            slug=texts["slug"] if not is_home else "start-de-simple",
            locale=self.locales[language],
            translation_key=HOME_KEY if is_home else uuid.uuid5(NAMESPACE, item.key),
            live=False,
        )
        self._parent(item, language, is_home).add_child(instance=page)
        return page

    def _parent(self, item: Item, language: str, is_home: bool) -> Page:
        if is_home:
            root = Page.get_first_root_node()
            assert root is not None
            return root
        parent_key = f"{tree.parent_key(item, self.items)}:{language}"
        if parent_key not in self.records and language == EASY:
            parent_key = f"home/home:{EASY}"
        return Page.objects.get(pk=self.records[parent_key].object_id)

    def _fill(self, item: Item) -> None:
        """Publish what is new or changed, and move on dates that stayed behind, where no editor was at work."""
        records = {language: self.records[f"{item.key}:{language}"] for language in item.texts}
        found: dict[str, Any] = {language: record.subject for language, record in records.items()}
        pages = {language: page for language, page in found.items() if page is not None}
        touched = any(is_touched(page, records[language]) for language, page in pages.items())
        for language, page in pages.items():
            record = records[language]
            if record.digest == item.digest:
                if not touched:
                    self._move_dates(page, record, item)
            elif is_touched(page, record):
                self.kept.append(str(page))
            else:
                self._publish(page, item, item.texts[language], keep=page.shared_fields if touched else ())
                self.remember(record.key, page, item.digest)
                if item.facts.get("runs") is not None and language == "de":
                    load_runs(page, item.facts["runs"], self)
        move_runs(item.facts.get("runs") or [], self)
        look_after(self, item, uuid.uuid5(NAMESPACE, item.key))

    def _move_dates(self, page: Any, record: DemoItem, item: Item) -> None:
        page.refresh_from_db()
        if is_withdrawn(page) or not (late := late_dates(page, item.facts, self.base)):
            return
        for name, value in late.items():
            setattr(page, name, value)
        page.save_revision().publish()
        page.refresh_from_db()
        self.remember(record.key, page, item.digest)

    def _publish(self, page: Any, item: Item, texts: dict[str, Any], *, keep: tuple[str, ...] = ()) -> None:
        """Fill and publish a page; facts named in `keep` belong to the editor of another language."""
        names = FIELD_NAMES.get(page._meta.label, {})
        language = page.locale.language_code
        facts = item.facts if language != EASY else {}
        for written, value in {**facts, **texts}.items():
            name = names.get(written, written)
            if name in (*NOT_FIELDS, *keep) or (name == "slug" and page.depth == HOME_DEPTH):
                continue
            if name == "image":
                page.image = self.picture(value)
                page.image_alt = page.image.alt_en if language == "en" else page.image.alt_de
                continue
            try:
                set_value(page, name, value, self)
            except (FieldDoesNotExist, LookupError, yaml.YAMLError) as error:
                raise LookupError(f"{item.key}: {name}: {error}") from error
        page.show_in_menus = item.key in tree.MENU
        page.draft_title = page.title
        revision = page.save_revision()
        if not item.facts.get("draft"):
            revision.publish()
        page.refresh_from_db()

    # --- what was loaded ------------------------------------------------------------------------------------------

    def remember(self, key: str, subject: models.Model, digest: str) -> None:
        """Note what became of an item and which text it holds."""
        revision = getattr(subject, "latest_revision_id", None)
        record, _new = DemoItem.objects.update_or_create(
            key=key,
            defaults={
                "content_type": ContentType.objects.get_for_model(type(subject)),
                "object_id": str(subject.pk),
                "digest": digest,
                "revision_id": revision,
            },
        )
        self.records[key] = record
        self.changed += 1


def _key(motif: dict[str, Any]) -> str:
    return f"pictures/{motif['motif']}-{motif.get('step', 'none')}-{motif.get('seed', 1)}"
