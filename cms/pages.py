"""BasePage: what every page has, shares between languages and tells others about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.embeds import open_policy
from cms.fields import ChoiceListField
from cms.findable import Findable, findable
from cms.forms import BasePageForm
from cms.panels import WorthAddingPanel
from cms.rich_text import PLAIN_TEXT
from cms.version import kept

if TYPE_CHECKING:
    from cms.models import CustomImage


@dataclass(frozen=True)
class Card:
    """What a listing prints of a page."""

    kind: str
    kind_label: str
    title: str
    teaser: str
    url: str | None
    steps: Sequence[Any] = ()
    image: CustomImage | None = None
    image_alt: str = ""
    meta: Sequence[str] = field(default_factory=tuple)


def private_paths() -> tuple[str, ...]:
    """Return the tree paths below which pages are not public."""
    return kept(
        "private paths",
        lambda: tuple(PageViewRestriction.objects.values_list("page__path", flat=True)),
    )


class BasePageQuerySet(PageQuerySet):
    """Vocabulary of page queries."""

    def visible(self) -> BasePageQuerySet:
        """Keep pages that everybody may see: live, and not below a page with a view restriction."""
        hidden = Q()
        for path in private_paths():
            hidden |= Q(path__startswith=path)
        return self.live().exclude(hidden) if hidden else self.live()

    def beside(self, page: Page) -> BasePageQuerySet:
        """Keep visible pages in the language of the given page."""
        return self.visible().filter(locale_id=page.locale_id)

    def for_cards(self) -> BasePageQuerySet:
        """Load what cards print in a fixed number of queries; sizes of pictures lie in the cache of renditions."""
        names = {field.name for field in self.model._meta.get_fields()}
        queryset = self.select_related(*(name for name in ("image", "municipality") if name in names))
        return queryset.prefetch_related("steps") if "steps" in names else queryset


BasePageManager = PageManager.from_queryset(BasePageQuerySet)


def ranks_of(keys: Iterable[int]) -> dict[UUID, int]:
    """Return the place of each chosen page by what it shares with its translations."""
    order = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    if not order:
        return {}
    rows = Page.objects.filter(pk__in=order).values("pk", "translation_key")
    return {row["translation_key"]: order[row["pk"]] for row in rows}


def chosen_pages(keys: Iterable[int], model: type[BasePage], *, beside: Page) -> list[Any]:
    """Return the visible pages behind chosen ones, in the language of `beside` and the order of choice.

    Editors choose a page in whatever language; the reader gets the one of the own language or nothing.
    """
    ranks = ranks_of(keys)
    if not ranks:
        return []
    pages = model.objects.beside(beside).for_cards().filter(translation_key__in=ranks)
    return sorted(pages, key=lambda page: ranks[page.translation_key])


class BasePage(Page):
    """The fields and rules of every page. Facts named in `shared_fields` are the same in all languages."""

    teaser = models.TextField(
        _("in short"), max_length=300, blank=True, help_text=_("Two sentences for lists, at most 300 characters.")
    )
    image = models.ForeignKey(
        "cms.CustomImage", verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    image_alt = models.CharField(
        _("alternative text of the picture"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, for those who do not see it."),
    )
    review_by = models.DateField(
        _("check again by"),
        null=True,
        blank=True,
        help_text=_("From this day on the page is listed in the report “Pages to check again”."),
    )

    kind_label: ClassVar[Any] = _("Page")
    shared_fields: ClassVar[tuple[str, ...]] = ("image", "review_by")
    recommended_fields: ClassVar[tuple[str, ...]] = ()
    required_to_publish: ClassVar[tuple[str, ...]] = ()
    at_most: ClassVar[dict[str, int]] = {}
    one_of: ClassVar[tuple[str, ...]] = ()
    one_of_message: ClassVar[Any] = ""
    schema_type: ClassVar[str] = "WebPage"
    show_as_card: ClassVar[bool] = True
    search_kind: ClassVar[str] = "page"
    search_facets: ClassVar[dict[str, str]] = {}  # facet: name of the field with its codes
    search_texts: ClassVar[tuple[str, ...]] = ()  # further fields that are searched
    may_be_root: ClassVar[bool] = False
    is_same_for_all: ClassVar[bool] = True  # every visitor gets the same page: it may be kept (cms.pagecache)

    base_form_class = BasePageForm
    objects = BasePageManager()

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("teaser")]
    promote_panels: ClassVar = [
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Picture")),
        *Page.promote_panels,
        FieldPanel("review_by"),
        WorthAddingPanel(),
    ]

    search_fields: ClassVar = [*Page.search_fields, index.SearchField("teaser"), index.SearchField("running_text")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Open the policy for what the page embeds, then go on as Wagtail does."""
        open_policy(request, self)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context

    def running_text(self) -> str:
        """Return all texts of the page for the search; people are not part of it."""
        parts: list[str] = []
        for one in self._meta.get_fields():
            if isinstance(one, RichTextField | StreamField):
                parts.extend(map(str, one.get_searchable_content(getattr(self, one.name))))
        return "\n".join(parts)

    def search_document(self) -> Findable | None:
        """Return what the search may know of this page, in the page's language; None where it is not to be found."""
        return findable(self)

    def counted(self) -> Callable[[], None] | None:
        """Return what counts a visit of this page; None where nobody counts."""
        return None

    @property
    def kind(self) -> str:
        """Return the name of the page type for templates and CSS, e.g. `goodpracticepage`."""
        return self._meta.model_name or ""

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Allow only entrances of a language at the root of the tree."""
        return bool(super().can_create_at(parent)) and (cls.may_be_root or not parent.is_root())

    def get_view_restrictions(self) -> Any:
        """Return the restrictions on this page; no query for the many pages that have none."""
        if self.path.startswith(private_paths()):
            return super().get_view_restrictions()
        return PageViewRestriction.objects.none()

    def labels(self, name: str) -> list[str]:
        """Return the labels of a list of codes in the active language."""
        list_field = self._meta.get_field(name)
        assert isinstance(list_field, ChoiceListField)
        return list_field.labels(getattr(self, name))

    @property
    def card_meta(self) -> list[str]:
        """Return the short facts that cards print below the title; page types say which."""
        return []

    @property
    def card(self) -> Card:
        """Return what a listing prints of this page."""
        return Card(
            kind=self.kind,
            kind_label=str(self.kind_label),
            title=self.title,
            teaser=self.teaser,
            url=self.url,
            steps=list(self.steps.all()) if hasattr(self, "steps") else (),
            image=self.image,
            image_alt=self.image_alt,
            meta=self.card_meta,
        )

    @property
    def missing_recommended(self) -> list[str]:
        """Return the labels of recommended fields that are still empty, for the “worth adding” meter."""
        return [
            str(self._meta.get_field(name).verbose_name) for name in self.recommended_fields if self._is_empty(name)
        ]

    def _is_empty(self, name: str) -> bool:
        value = getattr(self, name)
        return not value.exists() if hasattr(value, "exists") else value is None or not value

    def structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return the schema.org description of this page."""
        data: dict[str, Any] = {
            "@type": self.schema_type,
            "name": self.title,
            "url": self.get_full_url(request),
            "inLanguage": self.locale.language_code,
        }
        if summary := self.search_description or self.teaser:
            data["description"] = summary
        if self.last_published_at:
            data["dateModified"] = timezone.localdate(self.last_published_at).isoformat()
        return data


class IndexPage(BasePage):
    """An overview with an introduction, once below its parent; page types say what they list."""

    max_count_per_parent = 1

    intro = RichTextField(_("introduction"), features=PLAIN_TEXT, blank=True)

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("intro")]
    schema_type = "CollectionPage"
    show_as_card = False

    class Meta:
        abstract = True
