"""How often issues are read on the site: a number, nothing about readers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from home.newsletter.models.pages import InfobriefPage


class IssueViews(models.Model):
    """How often the web page of an issue was asked for, robots included and signed-in editors not."""

    page = models.OneToOneField(InfobriefPage, on_delete=models.CASCADE, primary_key=True, related_name="views")
    count = models.PositiveBigIntegerField(_("views"), default=0)

    class Meta:
        verbose_name = _("views of an issue")
        verbose_name_plural = _("views of issues")

    def __str__(self) -> str:
        return f"{self.page_id}: {self.count}"
