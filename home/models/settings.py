"""Settings that choose pages or people: who answers questions, which pages the header and footer lead to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Page

from knowledge.models import person_field


@register_setting(icon="help", order=11)
class ContactSettings(BaseGenericSetting):
    """“Ask us”: the named person whom every page offers, and the page that tells how to get advice."""

    person = person_field(_("person who answers"))
    hours_de = models.CharField(_("phone hours, German"), max_length=160, blank=True)
    hours_en = models.CharField(_("phone hours, English"), max_length=160, blank=True)
    page = models.ForeignKey(
        Page,
        verbose_name=_("page on advice and joining"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels: ClassVar = [
        FieldPanel("person"),
        MultiFieldPanel([FieldPanel("hours_de"), FieldPanel("hours_en")], heading=_("Phone hours")),
        PageChooserPanel("page"),
    ]

    class Meta:
        verbose_name = _("ask us: contact on every page")
