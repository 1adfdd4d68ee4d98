"""The worker makes every size that pages show before a visitor asks for it.

No counter moves when a size is there: a page that had to do without it is not kept for longer than a few seconds.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from wagtail.images import get_image_model
from wagtail.images.models import Filter

from cms import version
from cms.pictures.sizes import ALL_SPECS

if TYPE_CHECKING:
    from cms.models import CustomImage

logger = logging.getLogger(__name__)
AT_ONCE = 5  # pictures in one run, so that the newest are never behind many old ones
_done: dict[str, int] = {}
_hopeless: set[int] = set()


def make_missing() -> None:
    """Make what is missing; where no content has changed since everything was there, look at nothing."""
    before = version.current()
    if _done.get("version") == before:
        return
    _step_back()
    found = list(islice(incomplete(), AT_ONCE))
    for image in found:
        _make_all(image)
    if len(found) < AT_ONCE:
        _done["version"] = before


def _step_back() -> None:
    """Let this thread, and those that encode for it, work only when nobody else wants the processor (Linux)."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)


def incomplete() -> Iterator[CustomImage]:
    """Yield the pictures that lack a size, newest first."""
    made = Count("renditions__filter_spec", filter=Q(renditions__filter_spec__in=ALL_SPECS), distinct=True)
    images = get_image_model().objects.exclude(pk__in=_hopeless).annotate(made=made).order_by("-pk")
    for image in images.filter(Q(made__lt=len(ALL_SPECS)) | Q(focal_point_x__isnull=False)):
        if missing(image):
            yield image


def missing(image: CustomImage) -> list[str]:
    """Return the specs that a picture lacks, with the point of interest that it has now."""
    found = set(image.renditions.values_list("filter_spec", "focal_point_key"))
    return [spec for spec in ALL_SPECS if (spec, Filter(spec=spec).get_cache_key(image)) not in found]


def _make_all(image: Any) -> None:
    """Make the sizes of one picture, one after the other; what cannot be read is left alone until the next start."""
    try:
        for spec in missing(image):
            image.get_rendition(spec)
    except (OSError, ValueError):
        logger.warning("The sizes of picture %s cannot be made", image.pk, exc_info=True)
        _hopeless.add(image.pk)


def forget() -> None:
    """Forget what was found out about pictures (tests)."""
    _done.clear()
    _hopeless.clear()
