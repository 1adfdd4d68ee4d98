"""Answer templates in the admin."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from home.joining.models import AnswerTemplate


class AnswerTemplateViewSet(SnippetViewSet):
    """Texts to begin an answer with, in both languages."""

    model = AnswerTemplate
    icon = "doc-full"
    list_display: ClassVar = ["title", "kind"]
    search_fields: ClassVar = ["title", "text_de", "text_en"]
    panels: ClassVar = [
        FieldPanel("title"),
        FieldPanel("kind"),
        MultiFieldPanel([FieldPanel("subject_de"), FieldPanel("text_de")], heading=_("German")),
        MultiFieldPanel([FieldPanel("subject_en"), FieldPanel("text_en")], heading=_("English")),
    ]
