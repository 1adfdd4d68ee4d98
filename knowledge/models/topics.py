"""Controlled topics: a django-taggit tag model shared by both languages, and funding programmes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase, TagBase
from taggit.utils import edit_string_for_tags
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.cldr import country_choices
from cms.fields import ChoiceListField
from cms.i18n import in_language
from cms.version import kept
from cms.vocabularies import Format

SHELVES = {
    "de": {"practice": "praxis", "material": "materialien", "topic": "thema"},
    "en": {"practice": "practice", "material": "materials", "topic": "topic"},
}
SHELF_SLUGS = {word for words in SHELVES.values() for word in words.values()}


class Topic(TagBase):
    """One topic; `slug` is its fixed code, `name` the German name. Only editors of vocabularies add topics."""

    name_en = models.CharField(_("name, English"), max_length=100)
    free_tagging = False

    panels: ClassVar = [FieldPanel("name"), FieldPanel("name_en"), FieldPanel("slug")]

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.label

    @property
    def name_de(self) -> str:
        """Return the German name, so that topics read like the other bilingual rows."""
        return self.name

    @property
    def label(self) -> str:
        """Return the name in the active language."""
        return in_language(self, "name")


def all_topics() -> list[Topic]:
    """Return all topics from this process's memory."""
    return kept("topics", lambda: list(Topic.objects.all()))


class TopicLink(ItemBase):
    """A page carries a topic."""

    tag = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="links")
    content_object = ParentalKey(Page, on_delete=models.CASCADE, related_name="topic_links")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag", "content_object"], name="topic_once_a_page")]


class TopicsManager(ClusterTaggableManager):
    """The field with which a page type carries topics; each type gets its own reverse name on `Topic`."""

    def __init__(self, verbose_name: Any = _("topics"), **kwargs: Any) -> None:
        super().__init__(**{"through": TopicLink, "blank": True, **kwargs}, verbose_name=verbose_name)

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        """Name the reverse relation after the page type."""
        if not cls._meta.abstract:
            self.remote_field.related_name = f"{cls._meta.model_name}_set"
        super().contribute_to_class(cls, name)


class TopicCheckboxes(forms.CheckboxSelectMultiple):
    """Pick topics by checkbox in the editor's language; taggit gets the names as it expects them."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Read the topics anew for every form."""
        self.choices = topic_choices()
        return super().optgroups(name, value, attrs)

    def format_value(self, value: Any) -> list[str]:
        """Return the names of the chosen topics."""
        if value is None:
            return []
        return [getattr(item, "tag", item).name if not isinstance(item, str) else item for item in value]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return the chosen names as the quoted list that taggit reads."""
        chosen = super().value_from_datadict(data, files, name) or []
        return edit_string_for_tags([Topic(name=value) for value in chosen])


def topic_choices() -> list[tuple[str, str]]:
    """Return (German name, name in the active language), sorted by what is read."""
    return sorted(((topic.name, topic.label) for topic in Topic.objects.all()), key=lambda pair: pair[1].casefold())


class FundingProgramme(models.Model):
    """A programme that pays for international youth work; pages disagree about details, so each row is dated."""

    code = models.SlugField(_("code"), unique=True)
    name_de = models.CharField(_("name, German"), max_length=120)
    name_en = models.CharField(_("name, English"), max_length=120)
    route_de = models.CharField(
        _("route, German"), max_length=250, blank=True, help_text=_("Where and through whom to apply.")
    )
    route_en = models.CharField(_("route, English"), max_length=250, blank=True)
    age_from = models.PositiveSmallIntegerField(_("age from"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("age to"), null=True, blank=True)
    countries = ChoiceListField(_("countries"), options=country_choices, blank=True)
    formats = ChoiceListField(_("formats"), options=Format.choices, blank=True)
    deadlines_de = models.CharField(_("deadlines, German"), max_length=250, blank=True)
    deadlines_en = models.CharField(_("deadlines, English"), max_length=250, blank=True)
    url = models.URLField(_("address"), blank=True)
    is_open = models.BooleanField(_("open for applications"), default=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name_de"]
        verbose_name = _("funding programme")
        verbose_name_plural = _("funding programmes")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name in the active language."""
        return in_language(self, "name")


class Tagged(models.Model):
    """Mixin: the page belongs to steps and carries topics, the same in both languages."""

    steps = ParentalManyToManyField(
        "knowledge.DevelopmentStep", verbose_name=_("development steps"), blank=False, related_name="+"
    )
    topics = TopicsManager()

    shared_tag_fields: ClassVar = ("steps", "topics")
    tag_panels: ClassVar = [
        FieldPanel("steps", widget=forms.CheckboxSelectMultiple, required_on_save=False),
        FieldPanel("topics", widget=TopicCheckboxes),
    ]

    class Meta:
        abstract = True

    @cached_property
    def step_list(self) -> list[Any]:
        """Return the steps in their order, loaded when a page first asks for them."""
        return list(self.steps.all())

    def clean(self) -> None:
        """Refuse an address that belongs to a shelf of the knowledge base."""
        super().clean()
        if getattr(self, "slug", None) in SHELF_SLUGS:
            raise ValidationError({"slug": _("This address belongs to an overview. Choose another one.")})
