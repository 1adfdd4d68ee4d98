"""Settings of the tests (placeholder until the skeleton lands)."""

from cms.settings.base import *  # noqa: F403
