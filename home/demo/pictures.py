"""Pictures of the demo: one family of flat drawings in the colours of the six stations, drawn by code."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import Collection

from cms.models import CustomImage
from cms.vocabularies import Licence
from home.demo.drawing import Sheet
from home.demo.motifs import MOTIFS

VERSION = 2
What = tuple[str, str, int]
_ahead: dict[What, Future[bytes]] = {}


def image(motif: dict[str, Any]) -> CustomImage:
    """Store the picture of a motif with its credit and what it shows in words."""
    what = _what(motif)
    name = "-".join(map(str, what))
    collection = Collection.objects.filter(name="Bilder").first() or Collection.get_first_root_node()
    return CustomImage.objects.create(
        title=name,
        credit="Kommune goes International",
        licence=Licence.CC0,
        collection=collection,
        alt_de=MOTIFS[motif["motif"]].alt_de,
        alt_en=MOTIFS[motif["motif"]].alt_en,
        file=ContentFile(draw(*what), f"{name}.webp"),
    )


def draw_ahead(motifs: Iterable[dict[str, Any]]) -> None:
    """Begin to draw pictures beside the caller's work; encoding them leaves the interpreter to others."""
    pool = ThreadPoolExecutor(1)
    for motif in motifs:
        what = _what(motif)
        if what not in _ahead:
            _ahead[what] = pool.submit(_drawn, *what)
    pool.shutdown(wait=False)


def draw(motif: str, step: str, seed: int) -> bytes:
    """Return the picture as WebP; the same arguments give the same bytes."""
    begun = _ahead.pop((motif, step, seed), None)
    return _drawn(motif, step, seed) if begun is None or begun.cancel() else begun.result()


def _what(motif: dict[str, Any]) -> What:
    return motif["motif"], motif.get("step", "plan"), int(motif.get("seed", 1))


@cache
def _drawn(motif: str, step: str, seed: int) -> bytes:
    sheet = Sheet(f"{motif}-{step}-{seed}", step)
    MOTIFS[motif].draw(sheet)
    return sheet.finished(seed)
