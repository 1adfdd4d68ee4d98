"""The six development steps (rows) and their pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField

from cms.blocks import BodyBlock, LinesBlock, PointsBlock
from cms.findable import Findable, findable
from cms.i18n import in_language
from cms.pages import BasePage
from cms.rich_text import PLAIN_TEXT
from cms.version import kept


class DevelopmentStep(models.Model):
    """One of the six steps; the codes are fixed, names and purpose are bilingual and editable."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    name_de = models.CharField(_("name, German"), max_length=60)
    name_en = models.CharField(_("name, English"), max_length=60)
    purpose_de = models.CharField(_("purpose in one line, German"), max_length=160)
    purpose_en = models.CharField(_("purpose in one line, English"), max_length=160)

    panels: ClassVar = [FieldPanel(n) for n in ("name_de", "name_en", "purpose_de", "purpose_en")]

    class Meta:
        ordering: ClassVar = ["number"]
        verbose_name = _("development step")
        verbose_name_plural = _("development steps")

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def name(self) -> str:
        """Return the name in the active language."""
        return in_language(self, "name")

    @property
    def purpose(self) -> str:
        """Return the one-line purpose in the active language."""
        return in_language(self, "purpose")


def all_steps() -> list[DevelopmentStep]:
    """Return the six steps in their order from this process's memory."""
    return kept("steps", lambda: list(DevelopmentStep.objects.all()))


class StepIndexPage(BasePage):
    """The way: introduces the six steps and lists them."""

    subpage_types: ClassVar = ["knowledge.StepPage"]

    intro = RichTextField(_("introduction"), features=PLAIN_TEXT, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("intro"), FieldPanel("body")]
    kind_label = _("The way")
    show_as_card = False

    class Meta:
        verbose_name = _("the six steps")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the step pages in their order."""
        return {**super().get_context(request, *args, **kwargs), "step_pages": StepPage.in_order(self)}


class StepPage(BasePage):
    """Guidance for one step; what belongs to the step is gathered by the templates."""

    parent_page_types: ClassVar = ["knowledge.StepIndexPage"]
    subpage_types: ClassVar = []

    step = models.ForeignKey(
        DevelopmentStep, verbose_name=_("development step"), null=True, on_delete=models.PROTECT, related_name="pages"
    )
    in_brief = RichTextField(_("in brief"), features=PLAIN_TEXT)
    why = RichTextField(_("why it pays"), features=PLAIN_TEXT, blank=True)
    how = StreamField(PointsBlock(), verbose_name=_("how to go about it"), blank=True)
    first_actions = StreamField(LinesBlock(), verbose_name=_("first three actions"), blank=True)
    obstacles = StreamField(PointsBlock(), verbose_name=_("what gets in the way"), blank=True)
    checklist = StreamField(LinesBlock(), verbose_name=_("checklist"), blank=True)

    content_panels: ClassVar = [
        *BasePage.content_panels,
        *(FieldPanel(n) for n in ("step", "in_brief", "why", "how", "first_actions", "obstacles", "checklist")),
    ]
    shared_fields = (*BasePage.shared_fields, "step")
    recommended_fields = ("teaser", "why", "how", "first_actions", "obstacles", "checklist")
    kind_label = _("Step")
    search_kind = "step"
    schema_type = "Article"

    class Meta:
        verbose_name = _("step page")

    def search_document(self) -> Findable | None:
        """Let the guidance be found in its own step."""
        return replace(findable(self), facets={"step": [self.step.code]} if self.step else {})

    @classmethod
    def in_order(cls, beside: BasePage) -> list[StepPage]:
        """Return the visible step pages in the language of the given page, by number, from this process's memory."""
        return kept(("step pages", beside.locale_id), lambda: list(cls._in_order(beside)))

    @classmethod
    def _in_order(cls, beside: BasePage) -> Any:
        return cls.objects.beside(beside).select_related("step", "image").order_by("step__number")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the neighbours on the line."""
        pages = StepPage.in_order(self)
        place = next((n for n, page in enumerate(pages) if page.pk == self.pk), None)
        return {
            **super().get_context(request, *args, **kwargs),
            "step_pages": pages,
            "previous_step": pages[place - 1] if place else None,
            "next_step": pages[place + 1] if place is not None and place + 1 < len(pages) else None,
        }
