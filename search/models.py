"""What is findable, the log of its changes, and what editors tell the search."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.models import Page

LANGUAGES = [("de", _("German")), ("en", _("English"))]
LONGEST_TERM = 100


class SearchDocument(models.Model):
    """A public page as the search knows it; a page that nobody may see has no row."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="+")
    locale = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=255)
    lead = models.TextField(blank=True)
    text = models.TextField(blank=True)
    words = models.TextField(blank=True)  # names of codes: found, never shown
    facets = models.JSONField(default=list)  # "step:allies"
    files = models.JSONField(default=list)  # digests of files whose text belongs to the page
    date = models.DateField(null=True)
    last_day = models.DateField(null=True)
    expires = models.DateField(null=True)
    stale_on = models.DateField(null=True)  # the clock changes something on this day
    digest = models.CharField(max_length=32)
    version = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("search document")
        indexes: ClassVar = [
            models.Index(fields=["locale", "version"], name="search_document_version"),
            models.Index(fields=["stale_on"], name="search_document_stale"),
        ]

    def __str__(self) -> str:
        return f"{self.locale} {self.title}"


class SearchChange(models.Model):
    """The change log: written in the transaction of the change; engines apply it in order, twice does no harm."""

    seq = models.BigAutoField(primary_key=True)
    document_id = models.BigIntegerField()
    locale = models.CharField(max_length=20)
    is_deletion = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of the search")
        indexes: ClassVar = [models.Index(fields=["locale", "seq"], name="search_change_locale")]

    def __str__(self) -> str:
        return f"{self.seq} {self.document_id}"


class FileText(models.Model):
    """The text inside a file, once per content; empty where nothing could be read."""

    digest = models.CharField(max_length=40, primary_key=True)
    text = models.TextField(blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("text of a file")

    def __str__(self) -> str:
        return self.digest


class Lexicon(models.Model):
    """The words of one language's documents at one time: all engines split and correct with the same ones."""

    generation = models.BigAutoField(primary_key=True)
    locale = models.CharField(max_length=20)
    words = models.BinaryField()
    documents = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("words of a language")
        indexes: ClassVar = [models.Index(fields=["locale", "-generation"], name="search_lexicon_latest")]

    def __str__(self) -> str:
        return f"{self.locale} {self.generation}"


class Synonyms(models.Model):
    """Words that mean the same in one language, comma-separated; a search for one finds all."""

    locale = models.CharField(_("language"), max_length=20, choices=LANGUAGES)
    words = models.CharField(
        _("words"), max_length=400, help_text=_("Separated by commas, e.g. “MSO, Migrantenselbstorganisation”.")
    )

    panels: ClassVar = [FieldPanel("locale"), FieldPanel("words")]

    class Meta:
        ordering: ClassVar = ["locale", "words"]
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return self.words

    @property
    def terms(self) -> list[str]:
        """Return the words one by one."""
        return [term.strip() for term in self.words.split(",") if term.strip()]


class Promotion(models.Model):
    """A page that editors want on top when somebody searches for these words."""

    locale = models.CharField(_("language"), max_length=20, choices=LANGUAGES)
    words = models.CharField(
        _("searched words"), max_length=200, help_text=_("As people type them; case and word forms do not matter.")
    )
    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    panels: ClassVar = [FieldPanel("locale"), FieldPanel("words"), PageChooserPanel("page"), FieldPanel("order")]

    class Meta:
        ordering: ClassVar = ["locale", "words", "order", "pk"]
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")

    def __str__(self) -> str:
        return self.words


class SearchTerm(models.Model):
    """How often something was searched for in a month, and how often in vain. Nobody can be told from it."""

    locale = models.CharField(_("language"), max_length=20)
    text = models.CharField(_("searched for"), max_length=LONGEST_TERM)
    month = models.DateField(_("month"))
    searches = models.PositiveIntegerField(_("searches"), default=0)
    empty = models.PositiveIntegerField(_("without result"), default=0)

    class Meta:
        verbose_name = _("search term")
        verbose_name_plural = _("search terms")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["locale", "text", "month"], name="search_term_once_a_month")
        ]

    def __str__(self) -> str:
        return self.text


class EngineMark(models.Model):
    """How far the index of one locale in a shared engine has come; embedded engines note it beside their index."""

    name = models.CharField(max_length=60, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    lexicon = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("state of an engine")

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"
