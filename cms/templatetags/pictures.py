"""`{% sized image "card" alt %}`: a picture in one of the sizes of `cms.pictures.sizes`; never makes one itself.

A size that the worker has not made yet is asked for by an address of its own: the page is there at once, and the
picture comes as JPEG a moment later. Such a page is kept for a few seconds only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.images.models import Filter, Picture
from wagtail.images.views.serve import generate_image_url

from cms import version
from cms.pictures.sizes import SIZES, STILL

register = template.Library()


@register.simple_tag
def sized(image: Any, size: str, alt: str = "", loading: str = "lazy") -> SafeString:
    """Return a picture in all formats."""
    chosen = SIZES[size or "card"]
    attributes = {"sizes": chosen.sizes, "alt": alt, "loading": loading or "lazy", "decoding": "async"}
    if made := _made(image, chosen.specs()):
        return mark_safe(Picture(made, attributes).__html__())  # noqa: S308 - Wagtail has escaped the attributes
    version.lasts()
    small, *larger = [(_asked_for(image, spec), _dimensions(image, spec)) for spec in chosen.specs("jpeg")]
    facts = {"src": small[0], "width": small[1][0], "height": small[1][1]}
    srcset = ", ".join(f"{address} {width}w" for address, (width, _height) in (small, *larger))
    return format_html("<picture><img{}></picture>", flatatt({**facts, **attributes, "srcset": srcset}))


@register.simple_tag
def still(image: Any) -> str:
    """Return the address of the picture that stands for a film."""
    if made := _made(image, [STILL]):
        return str(made[STILL].url)
    version.lasts()
    return _asked_for(image, STILL)


def _made(image: Any, specs: Sequence[str]) -> dict[str, Any]:
    """Return the sizes if all of them are there, in the order of the specs."""
    filters = [Filter(spec=spec) for spec in specs]
    found = image.find_existing_renditions(*filters)
    if len(found) < len(filters):
        return {}
    model = image.get_rendition_model()
    model.cache_backend.set_many(
        {model.construct_cache_key(image, one.get_cache_key(image), one.spec): found[one] for one in filters}
    )
    return {one.spec: found[one] for one in filters}


def _asked_for(image: Any, spec: str) -> str:
    return str(generate_image_url(image, spec, "sized_picture"))


def _dimensions(image: Any, spec: str) -> tuple[int, int]:
    width, height = Filter(spec=spec).get_transform(image).size
    return int(width), int(height)
