"""What was moved in from another site: so that a second import skips, renews or leaves alone what the first brought."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from wagtail.models import Page


class ImportedItem(models.Model):
    """One line of an import, found by the name it had on the old site; pages are named once a language."""

    kind = models.CharField(max_length=30)
    source_id = models.CharField(max_length=200)
    locale = models.CharField(max_length=20, blank=True, default="")
    page = models.OneToOneField(Page, null=True, on_delete=models.SET_NULL, related_name="imported")
    object_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    revision_id = models.BigIntegerField(null=True)
    unresolved = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    is_complete = models.BooleanField(default=True, db_index=True)
    is_indexed = models.BooleanField(default=True, db_index=True)

    class Meta:
        verbose_name = "imported item"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_id", "locale"], condition=~models.Q(locale=""), name="imported_page_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "source_id"], condition=models.Q(locale=""), name="imported_row_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} {self.locale}".strip()
