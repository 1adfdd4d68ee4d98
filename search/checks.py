"""System checks of the search's configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.compatibility)
def elasticsearch_can_be_reached_safely(**_options: Any) -> list[CheckMessage]:
    """An address that is none, or a key sent without TLS, would only be noticed by the first search."""
    found: list[CheckMessage] = []
    for url in filter(None, settings.ELASTICSEARCH_URL.split(",")):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.port:
            found.append(
                Error(
                    f"ELASTICSEARCH_URL: '{parts.hostname or url}' is no address of a node.",
                    hint="Scheme, host and port of each node: https://search1.example.org:9200,https://…",
                    id="search.E001",
                )
            )
        elif settings.ELASTICSEARCH_API_KEY and parts.scheme != "https":
            found.append(
                Error(
                    "ELASTICSEARCH_API_KEY would be sent without TLS.", hint="Use https:// addresses.", id="search.E002"
                )
            )
    if settings.ELASTICSEARCH_CA_FILE and not Path(settings.ELASTICSEARCH_CA_FILE).is_file():
        found.append(Error("ELASTICSEARCH_CA_FILE names no file.", id="search.E003"))
    return found
