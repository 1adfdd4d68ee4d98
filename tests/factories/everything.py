"""One page of every type, for tests that go over all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories import pages as make

PAGES: dict[str, Callable[..., Any]] = {
    "practice": make.make_practice,
    "material": make.make_material,
    "municipality": make.make_profile,
    "service_centre": make.make_centre,
    "step": make.make_step_page,
    "training": make.make_training,
    "exchange": make.make_exchange,
    "news": make.make_news,
    "issue": make.make_issue,
    "standard": make.make_standard,
    "team": make.make_team,
    "imprint": make.make_imprint,
    "declaration": make.make_declaration,
}
INDEXES = ("home", "way", "knowledge", "offers", "municipalities", "centres", "news", "infobrief")
