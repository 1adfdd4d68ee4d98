"""Pictures of the demo: one family of flat drawings in the colours of the six stations, drawn by code."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import Collection

from cms.models import CustomImage
from cms.vocabularies import Licence
from home.demo.drawing import Sheet
from home.demo.motifs import MOTIFS

VERSION = 2


def image(motif: dict[str, Any]) -> CustomImage:
    """Store the picture of a motif with its credit and what it shows in words."""
    step, seed = motif.get("step", "plan"), int(motif.get("seed", 1))
    name = f"{motif['motif']}-{step}-{seed}"
    collection = Collection.objects.filter(name="Bilder").first() or Collection.get_first_root_node()
    return CustomImage.objects.create(
        title=name,
        credit="Kommune goes International (gezeichnet für die Vorführung)",
        licence=Licence.CC0,
        collection=collection,
        alt_de=MOTIFS[motif["motif"]].alt_de,
        alt_en=MOTIFS[motif["motif"]].alt_en,
        file=ContentFile(draw(motif["motif"], step, seed), f"{name}.webp"),
    )


@cache
def draw(motif: str, step: str, seed: int) -> bytes:
    """Return the picture as WebP; the same arguments give the same bytes."""
    sheet = Sheet(f"{motif}-{step}-{seed}", step)
    MOTIFS[motif].draw(sheet)
    return sheet.finished(seed)
