"""What the writing of one line may ask: other pages of the import, files, people; and what it has to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.models import CustomDocument, CustomImage
from home.models import ImportedItem
from home.moving import files
from home.moving.lines import Line, LineError
from home.moving.references import find_person
from home.moving.text import stream


class Pages(Protocol):
    """Who knows the pages of the file and of earlier imports."""

    def find(self, locale: str, source_id: str) -> Page | None:
        """Return the page of that name, made as an empty draft when its line is still to come."""

    def knows(self, locale: str, source_id: str) -> bool:
        """Return whether there is such a page, or a line of it."""


@dataclass
class Context:
    """The surroundings of one line."""

    line: Line
    folder: Path
    pages: Pages
    unknown: str = "refuse"
    keep_files: bool = True
    notes: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    stored: list[Any] = field(default_factory=list)

    def left_out(self, what: str) -> None:
        """Remember something of the text that cannot be shown here."""
        if (note := _("left out: %(what)s") % {"what": what}) not in self.notes:
            self.notes.append(note)

    def missing(self, reference: str) -> None:
        """Remember a reference that leads nowhere yet; the next import tries again."""
        if reference not in self.unresolved:
            self.unresolved.append(reference)
            self.notes.append(_("not found, left out: %(reference)s") % {"reference": reference})

    def page(self, reference: str) -> Page | None:
        """Return the page behind a reference like `page:de/old-id`."""
        locale, _separator, source_id = reference.removeprefix("page:").partition("/")
        found = self.pages.find(locale, source_id)
        if found is None:
            self.missing(reference)
        return found

    def person(self, reference: str) -> Any:
        """Return the person behind a reference like `person:key`, if there is such a record."""
        found = find_person(reference.removeprefix("person:"))
        if found is None:
            self.missing(reference)
        return found

    def is_there(self, reference: str) -> bool:
        """Return whether a reference that led nowhere would be found today."""
        if reference.startswith("person:"):
            return find_person(reference.removeprefix("person:")) is not None
        locale, _separator, source_id = reference.removeprefix("page:").partition("/")
        return self.pages.knows(locale, source_id)

    def file(self, kind: str, name: str, facts: dict[str, Any] | None = None) -> CustomImage | CustomDocument:
        """Return the picture or document of a path, stored on first need or when its bytes have changed."""
        path = files.inside(self.folder, name)
        digest = files.digest_of(path)
        record = ImportedItem.objects.filter(kind=kind, source_id=name, locale="").first()
        model: Any = CustomImage if kind == "image" else CustomDocument
        row = (
            model.objects.filter(pk=record.object_id).first() if record and record.digest[:40] == digest[:40] else None
        )
        if row is None:
            row = files.make(kind, path, keep=self.keep_files)
            for key, value in (facts or {}).items():
                setattr(row, key, value)
            self.stored.append(row.file)
            row.save()
            ImportedItem.objects.update_or_create(
                kind=kind,
                source_id=name,
                locale="",
                defaults={"digest": digest, "object_id": row.pk, "is_indexed": False},
            )
        return row

    def link(self, address: str) -> dict[str, str] | None:
        """Return the attributes of a link in rich text; None for one that leads nowhere."""
        if address.startswith("page:"):
            page = self.page(address)
            return {"linktype": "page", "id": str(page.pk)} if page else None
        try:
            if address.startswith("file:"):
                document = self.file("document", address.removeprefix("file:"))
                return {"linktype": "document", "id": str(document.pk)}
            parts = urlsplit(address)
        except (LineError, ValueError):
            self.left_out(address)
            return None
        if not parts.scheme and not parts.netloc and not address.startswith(("/", "#")):
            address = urljoin(urlsplit(self._old_url()).path or "/", address)
        return {"href": address}

    def _old_url(self) -> str:
        old = self.line.data.get("old_url", "")
        return str(old[0] if isinstance(old, list) and old else old or "")

    def picture(self, address: str, alt: str) -> dict[str, Any] | None:
        """Return the block of a picture that lies beside the file; others stay away, as nothing is fetched."""
        try:
            row = self.file("image", address.removeprefix("file:"))
        except LineError as error:
            self.left_out(f"<img> {error}")
            return None
        value = {"image": row.pk, "decorative": not alt, "alt_text": alt[:250]}
        return {"image": value, "caption": ""}

    def blocks(self, body: str | list[Any]) -> list[dict[str, Any]]:
        """Return the blocks of a running text."""
        return stream(body, link=self.link, picture=self.picture, note=self.left_out)

    def undo_files(self) -> None:
        """Take stored files away again after the line has failed."""
        for stored in self.stored if self.keep_files else ():
            stored.storage.delete(stored.name)
