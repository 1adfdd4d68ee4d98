"""System checks: what must hold before the site may serve anybody."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.compatibility)
def sqlite_takes_its_lock_first(**_options: Any) -> list[CheckMessage]:
    """SQLite without IMMEDIATE fails with "database is locked" when two people write at once."""
    return [
        Error(
            f"The SQLite database '{alias}' does not begin its transactions with IMMEDIATE.",
            hint='Set OPTIONS["transaction_mode"] = "IMMEDIATE" (cms.settings.environment.database does).',
            id="cms.E001",
        )
        for alias, config in settings.DATABASES.items()
        if config["ENGINE"].endswith("sqlite3") and config.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE"
    ]


@register(Tags.compatibility)
def web_server_has_threads(**_options: Any) -> list[CheckMessage]:
    """With one thread per process, a single slow upload stops the process for everybody."""
    if settings.WEB_THREADS > 1:
        return []
    return [Error("WEB_THREADS must be 2 or more.", hint="8 to 16 are right for most machines.", id="cms.E002")]


@register(Tags.compatibility)
def embed_providers_are_whole(**_options: Any) -> list[CheckMessage]:
    """A provider that lacks something would fail only when an editor pastes its address."""
    wanted = {"name", "hosts", "address", "frame", "privacy", "sent"}
    return [
        Error(
            f"The provider '{key}' in EMBED_PROVIDERS lacks: {', '.join(sorted(wanted - set(facts)))}.", id="cms.E003"
        )
        for key, facts in settings.EMBED_PROVIDERS.items()
        if not wanted <= set(facts)
    ]
