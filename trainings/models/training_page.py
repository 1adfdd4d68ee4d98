"""The page of a training: what you take home, for whom, programme and terms."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from cms.blocks import BodyBlock
from cms.fields import ChoiceListField
from cms.pages import BasePage
from cms.rich_text import PLAIN_TEXT
from cms.vocabularies import Audience, Level, TrainingKind
from knowledge.models import Tagged
from trainings.models.offers import OfferPage


class TrainingPage(OfferPage):
    """A training: what you take home, for whom, programme and terms."""

    parent_page_types: ClassVar = ["trainings.OfferIndexPage"]
    subpage_types: ClassVar = []
    training_kind = models.CharField(_("kind of training"), max_length=12, choices=TrainingKind.choices)
    aims = RichTextField(_("what you take home"), features=PLAIN_TEXT)
    programme = StreamField(BodyBlock(), verbose_name=_("programme"), blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, blank=True)
    audience = ChoiceListField(_("for whom"), options=Audience.choices)
    prerequisites = models.TextField(_("what you should bring along"), blank=True)
    venue_access = models.TextField(_("access at the venue"), blank=True)
    interpretation = models.CharField(_("interpretation, sign language, captions"), max_length=200, blank=True)
    fee_text = models.CharField(_("what the fee includes"), max_length=250, blank=True)
    travel = models.TextField(_("travel and lodging"), blank=True)
    cancellation_terms = models.TextField(_("cancellation terms"), blank=True)
    organiser = models.CharField(_("organiser"), max_length=160, blank=True)
    partners = models.CharField(_("cooperation partners"), max_length=250, blank=True)
    funder = models.CharField(_("funded by"), max_length=250, blank=True)
    trainers = models.CharField(
        _("trainers"), max_length=250, blank=True, help_text=_("Organisations; people are chosen as contact people.")
    )
    certificate = models.BooleanField(_("certificate of attendance"), default=False)
    external_url = models.URLField(_("external registration"), blank=True)

    shared_fields = (
        *OfferPage.offer_shared,
        "training_kind",
        "level",
        "audience",
        "organiser",
        "certificate",
        "external_url",
    )
    recommended_fields = (
        "teaser",
        "topics",
        "programme",
        "level",
        "prerequisites",
        "fee_text",
        "cancellation_terms",
        "organiser",
        "contact",
        "languages",
        "image",
        "review_by",
    )
    kind_label = _("Training")
    search_kind = "training"
    search_facets: ClassVar = {"language": "languages"}
    search_texts = ("organiser", "partners", "prerequisites", "trainers")
    schema_type = "Course"

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("training_kind"), FieldPanel("level")]),
        MultiFieldPanel(Tagged.tag_panels, heading=_("Where it belongs")),
        FieldPanel("aims"),
        FieldPanel("audience"),
        FieldPanel("prerequisites"),
        FieldPanel("programme"),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("languages", "interpretation", "venue_access", "travel")], heading=_("Practical")
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("fee_text", "cancellation_terms", "certificate", "external_url")],
            heading=_("Terms"),
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("organiser", "partners", "funder", "trainers", "contact")], heading=_("Who")
        ),
    ]

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")

    @property
    def card_meta(self) -> list[str]:
        """Kind of training."""
        return [str(self.get_training_kind_display())] if self.training_kind else []
