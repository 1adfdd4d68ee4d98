"""What the demo brought: so that a later load leaves edited things alone and `remove` takes exactly these away."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models


class DemoItem(models.Model):
    """One row or page of the demo, found by its key in the demo's folder."""

    key = models.CharField(max_length=200, unique=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    revision_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "demo item"
        constraints: ClassVar = [models.UniqueConstraint(fields=["content_type", "object_id"], name="demo_item_once")]

    def __str__(self) -> str:
        return self.key

    @property
    def subject(self) -> models.Model | None:
        """Return the row itself, None when somebody has deleted it."""
        model = self.content_type.model_class()
        return model._default_manager.filter(pk=self.object_id).first() if model else None
