"""Materials: guides, checklists, templates, arguments and publications with their files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.models import Collection

from cms.blocks import BodyBlock
from cms.fields import ChoiceListField
from cms.findable import Findable, findable
from cms.i18n import language_suffix
from cms.models import CustomDocument
from cms.pages import BasePage
from cms.version import kept
from cms.vocabularies import Audience, MaterialType
from knowledge.models.topics import Tagged


class FilesBlock(StreamBlock):
    """Files; language, licence and accessibility are facts of the file itself."""

    file = DocumentChooserBlock(label=_("File"))


def with_files(pages: Iterable[MaterialPage]) -> list[MaterialPage]:
    """Return the pages with the files of all of them, loaded in one query."""
    chosen = {page: [block["value"] for block in page.files.raw_data] for page in pages}
    documents = CustomDocument.objects.in_bulk({key for keys in chosen.values() for key in keys})
    for page, keys in chosen.items():
        page.documents = _sorted(documents[key] for key in keys if key in documents)
    return list(chosen)


def _sorted(documents: Iterable[CustomDocument]) -> list[CustomDocument]:
    """Return the files in the reader's language first."""
    return sorted(documents, key=lambda document: document.language != language_suffix())


class MaterialPage(Tagged, BasePage):
    """Something to use: at least one file or a link."""

    parent_page_types: ClassVar = ["knowledge.KnowledgeIndexPage"]
    subpage_types: ClassVar = []

    material_type = models.CharField(_("type of material"), max_length=12, choices=MaterialType.choices)
    audience = ChoiceListField(_("for whom"), options=Audience.choices, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    files = StreamField(FilesBlock(), verbose_name=_("files"), blank=True)
    link_url = models.URLField(_("link"), blank=True, help_text=_("Where the material lies, if not here."))
    publisher = models.CharField(_("publisher"), max_length=160, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)

    shared_fields = (
        *BasePage.shared_fields,
        *Tagged.shared_tag_fields,
        "material_type",
        "audience",
        "files",
        "link_url",
        "publisher",
        "published_on",
    )
    required_to_publish = ("teaser",)
    one_of = ("files", "link_url")
    one_of_message = _("Add a file or a link.")
    recommended_fields = ("topics", "audience", "body", "publisher", "published_on", "image", "review_by")
    kind_label = _("Material")
    search_kind = "material"
    search_facets: ClassVar = {"type": "material_type"}
    search_texts = ("publisher",)
    schema_type = "LearningResource"

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldPanel("material_type"),
        MultiFieldPanel(Tagged.tag_panels, heading=_("Where it belongs")),
        MultiFieldPanel([FieldPanel("files"), FieldPanel("link_url")], heading=_("Files or link")),
        FieldPanel("body"),
        FieldPanel("audience"),
        FieldRowPanel([FieldPanel("publisher"), FieldPanel("published_on")]),
    ]

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")

    @property
    def card_meta(self) -> list[str]:
        """Type of material and, in lists that loaded the files, what they are."""
        kind = [self.get_material_type_display()] if self.material_type else []
        return [*kind, *self.file_facts] if "documents" in self.__dict__ else kind

    @property
    def file_facts(self) -> list[str]:
        """Return format, size and accessibility of the first file, and how many there are."""
        if not self.documents:
            return [gettext("Link")] if self.link_url else []
        number = len(self.documents)
        more = [ngettext("%(number)s file", "%(number)s files", number) % {"number": number}] if number > 1 else []
        return [*self.documents[0].short_facts, *more]

    @cached_property
    def documents(self) -> list[CustomDocument]:
        """Return the files, those in the reader's language first; deleted files are left out."""
        return _sorted(block.value for block in self.files if block.value)

    def search_document(self) -> Findable | None:
        """Add the text of the files that everybody may open, and the day of publication."""
        hidden = private_collections()
        public = [document for document in self.documents if document.collection_id not in hidden]
        files = [digest for document in public if (digest := digest_of(document))]
        found = findable(self)
        return replace(found, files=files, date=self.published_on or found.date)

    def structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Describe the learning resource and its files."""
        data = super().structured_data(request)
        data["learningResourceType"] = self.get_material_type_display()
        data["encoding"] = [
            {
                "@type": "MediaObject",
                "name": document.label,
                "contentUrl": request.build_absolute_uri(document.url),
                "inLanguage": document.language,
                "contentSize": str(document.file_size or 0),
            }
            for document in self.documents
        ]
        return data


def private_collections() -> frozenset[int]:
    """Return the collections whose files are not for everybody, and those below them."""

    def find() -> frozenset[int]:
        restricted = Collection.objects.filter(view_restrictions__isnull=False).distinct()
        return frozenset(row.pk for top in restricted for row in top.get_descendants(inclusive=True))

    return kept("private collections", find)


def digest_of(document: CustomDocument) -> str:
    """Return the digest of a file's content, made now where there is none; nothing for a file that is gone."""
    try:
        return str(document.get_file_hash())
    except OSError:
        return ""
