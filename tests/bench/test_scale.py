"""A large site beside a small one: what each kind of page and each list of the admin costs more.

The full numbers: `ARTICLES=10000 RUNS=1000 make bench ARGS="-k scale"`; on PostgreSQL with SCALE_DATABASES="url url".
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.bench import articles
from tests.bench.reporting import note
from tests.home.moving.second_site import SecondSite

ARTICLES = int(os.environ.get("ARTICLES", "1000"))
RUNS = int(os.environ.get("RUNS", "1000"))
FEW_ARTICLES, FEW_RUNS = 100, 600  # enough to fill a page of each list, the one by month too
ROUNDS = 2
MOST_GROWTH = 1.3
MOST_ADMIN = 300
NOISE = 1.25
A_LITTLE = 1.0  # ms; a quick answer may grow by this
WITH_EVERYTHING = ("sitemap",)  # its length is the number of pages
REGISTER = "import django; django.setup()\nfrom knowledge.services.register import import_register as r; r()"


@pytest.mark.bench
@pytest.mark.django_db
def test_a_large_site_is_as_fast_as_a_small_one(tmp_path: Path) -> None:
    databases = os.environ.get("SCALE_DATABASES", " ").split(" ")
    sites = [
        grown(tmp_path / name, articles_, runs, database)
        for name, articles_, runs, database in zip(
            ("small", "large"), (FEW_ARTICLES, ARTICLES), (FEW_RUNS, RUNS), databases, strict=True
        )
    ]

    rounds = [[visit(site) for site in sites] for _ in range(ROUNDS)]
    small, large = (best([one[place] for one in rounds]) for place in (0, 1))

    group = f"{FEW_ARTICLES} and {ARTICLES:,} articles, {RUNS:,} runs (ms CPU)"
    growing = {}
    for what, one in large["pages"].items():
        before = small["pages"][what]["ms"]
        factor = round(one["ms"] / before, 2)
        figures = {"small": before, "large": one["ms"], "factor": factor, "queries": one["queries"]}
        note(group, what, **figures, target_factor="" if what in WITH_EVERYTHING else MOST_GROWTH)
        if what not in WITH_EVERYTHING and one["ms"] - before > A_LITTLE and factor > MOST_GROWTH * NOISE:
            growing[what] = figures
    for what, one in large["admin"].items():
        note(group, what, small=small["admin"][what]["ms"], large=one["ms"], queries=one["queries"], target=MOST_ADMIN)
    assert growing == {}
    assert {what: one["ms"] for what, one in large["admin"].items() if one["ms"] > MOST_ADMIN} == {}


def grown(folder: Path, count: int, runs: int, database: str) -> SecondSite:
    """Return a site with the register, so many articles and so many runs."""
    site = SecondSite(folder, database)
    site.python("-c", REGISTER)
    file = folder / "articles.jsonl"
    articles.write(file, count)
    site.python("manage.py", "import_content", str(file))
    site.python("-m", "tests.bench.many_runs", str(runs))
    site.python("manage.py", "search_index", "rebuild")
    return site


def visit(site: SecondSite) -> dict[str, Any]:
    """Measure one site once."""
    said = site.python("-m", "tests.bench.visits")
    found: dict[str, Any] = json.loads(said)
    return found


def best(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the quickest of several rounds for each address: the others had company."""
    return {
        part: {what: min((one[part][what] for one in rounds), key=lambda one: one["ms"]) for what in rounds[0][part]}
        for part in ("pages", "admin")
    }
