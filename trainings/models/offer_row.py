"""The row behind an offer in all its languages: pages are copied, translated and restored, seats must not be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Offer(models.Model):
    """One training or exchange behind all its translations (found by the pages' translation key)."""

    class Kind(models.TextChoices):
        """Which page type tells about the offer."""

        TRAINING = "training", _("Training")
        EXCHANGE = "exchange", _("Exchange of professionals")

    translation_key = models.UUIDField(_("translation key"), unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the title of the page, German first; the key while there is no page."""
        from wagtail.models import Page

        titles = dict(
            Page.objects.filter(translation_key=self.translation_key).values_list("locale__language_code", "title")
        )
        return titles.get("de") or next(iter(titles.values()), str(self.translation_key))
