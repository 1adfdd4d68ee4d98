"""External content by consent: until a visitor clicks, the page asks no other host for anything.

Editors paste an address; which provider it is and where its frame lies follows from `settings.EMBED_PROVIDERS`, so no
address typed by anybody ever becomes the address of a frame. A page with such blocks opens its policy for their hosts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from cms.rich_text import PLAIN_TEXT

MOST = 1000  # characters of an address


@dataclass(frozen=True)
class Provider:
    """Somebody whose content may be shown in a frame."""

    key: str
    name: str
    hosts: tuple[str, ...]
    address: str
    frame: str | Callable[[dict[str, str]], str]
    privacy: str
    sent: Any
    referrer: bool = False

    def frame_url(self, host: str, rest: str) -> str:
        """Return where the frame of an address lies; empty for one that shows nothing that can be framed."""
        found = re.fullmatch(self.address, host + rest)
        if found is None:
            return ""
        parts = {"host": host, **{name: text for name, text in found.groupdict().items() if text}}
        return self.frame(parts) if callable(self.frame) else self.frame.format(**parts)


@lru_cache(maxsize=1)
def providers() -> dict[str, Provider]:
    """Return all providers by key."""
    return {key: Provider(key=key, **facts) for key, facts in settings.EMBED_PROVIDERS.items()}


def recognise(address: str) -> tuple[Provider, str] | None:
    """Return the provider and the frame of an address; None for anything but a plain https address of a known host."""
    if len(address) > MOST or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme != "https":
        return None
    rest = address.split(parts.netloc, 1)[1]
    for provider in providers().values():
        if parts.netloc in provider.hosts and (frame := provider.frame_url(parts.netloc, rest)):
            return provider, frame
    return None


class EmbedValue(blocks.StructValue):
    """An address with what follows from it."""

    @property
    def provider(self) -> Provider | None:
        """Return whose content it is; None where the provider is no longer in the settings."""
        found = recognise(self.get("address") or "")
        return found[0] if found else None

    @property
    def frame_url(self) -> str:
        """Return the address of the frame."""
        found = recognise(self.get("address") or "")
        return found[1] if found else ""

    @property
    def host(self) -> str:
        """Return the host that the browser asks after the click."""
        return urlsplit(self.frame_url).netloc


class ConsentEmbedBlock(blocks.StructBlock):
    """A map or film of somebody else: a local preview first, the real thing after a click, an equal alternative always."""

    address = blocks.URLBlock(
        label=_("Address at the provider"),
        max_length=MOST,
        help_text=_(
            "Open the map or film at the provider and copy the address of that page, e.g. https://umap.openstreetmap.de/"
            "de/map/name_123 or https://youtu.be/…. No HTML, no “embed code”."
        ),
    )
    title = blocks.CharBlock(
        label=_("Title"), max_length=120, help_text=_("Names the frame for screen readers, e.g. “Map of our partners”.")
    )
    purpose = blocks.CharBlock(
        label=_("What for"),
        max_length=300,
        help_text=_("One sentence: what a reader sees there, and why it is not shown by this site itself."),
    )
    preview = ImageBlock(
        label=_("Preview picture"),
        required=False,
        help_text=_("An own picture, shown before the click; without one there is a drawing."),
    )
    alternative = blocks.RichTextBlock(
        label=_("The same in words"),
        features=PLAIN_TEXT,
        help_text=_(
            "For everybody who does not load it: the places as a list, the transcript of the film, or a link to a page of "
            "this site with the same content."
        ),
    )

    class Meta:
        icon = "view"
        label = _("Map or film of another provider")
        template = "blocks/embed.html"
        value_class = EmbedValue
        description = _("Loaded only after a click of the reader. Better where possible: an own picture, film or map.")
        preview_value = {
            "address": "https://umap.openstreetmap.de/de/map/partner_1",
            "title": "Karte unserer Partner",
            "purpose": "Zeigt, wo unsere Partnerorganisationen sitzen.",
            "alternative": "<ul><li>Lyon</li><li>Danzig</li></ul>",
        }

    def clean(self, value: Any) -> Any:
        """Refuse an address of nobody we know, and say whose addresses are taken."""
        cleaned = super().clean(value)
        if recognise(cleaned["address"]) is None:
            names = ", ".join(provider.name for provider in providers().values())
            message = _(
                "This is not the https address of a map or film of a provider we know: %(names)s. Copy the address from "
                "the address line of your browser."
            )
            raise StructBlockValidationError({"address": ValidationError(message, params={"names": names})})
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add whose content it is."""
        return {**super().get_context(value, parent_context), "provider": value.provider}


def open_policy(request: HttpRequest, page: Page) -> None:
    """Note for `PolicyMiddleware` which hosts this answer, and no other, may frame: those of the page's own blocks.

    They are read from the page and not noted while a block is rendered: running text may come from memory.
    """
    frames = (EmbedValue(ConsentEmbedBlock(), raw).host for raw in _raw_blocks(page))
    request.frame_hosts = sorted({f"https://{host}" for host in frames if host})  # type: ignore[attr-defined]  # read there


def _raw_blocks(page: Page) -> Iterator[dict[str, Any]]:
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            for block in getattr(page, field.name).raw_data:
                if block["type"] == "embed":
                    yield block["value"]


@require_safe
def external_content(request: HttpRequest) -> HttpResponse:
    """List the providers; the visitor's own browser knows which of them are allowed, and takes it back here."""
    return render(request, "cms/external_content.html", {"providers": list(providers().values())})
