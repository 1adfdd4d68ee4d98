"""How long moving in takes, and that memory stays flat; `ARTICLES=10000 make bench ARGS="-k moving"` for the full number."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from tests.bench import articles
from tests.bench.reporting import note
from tests.home.moving.second_site import SecondSite

ARTICLES = int(os.environ.get("ARTICLES", "1000"))
MINUTES_FOR_TEN_THOUSAND = 15
MEASURED = """
import resource, sys, django; django.setup()
from pathlib import Path
from home.moving.importing import Import
from home.moving.memory import use_one_arena
use_one_arena()
result = Import(Path(sys.argv[1])).run()
anonymous = next(line for line in open("/proc/self/status") if line.startswith("RssAnon"))
print(result.made, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, int(anonymous.split()[1]) // 1024)
"""


@pytest.mark.bench
@pytest.mark.django_db
def test_moving_in_is_fast_and_flat(tmp_path: Path) -> None:
    site = SecondSite(tmp_path / "site")
    site.python(
        "-c", "import django; django.setup(); from knowledge.services.register import import_register as r; r()"
    )
    memory = {}
    for number, count in enumerate((100, ARTICLES)):
        file = tmp_path / f"articles-{number}.jsonl"
        articles.write(file, count)
        file.write_text(re.sub('"node-', f'"node-{number}-', file.read_text()))
        began = time.monotonic()
        made, peak, anonymous = map(int, site.python("-c", MEASURED, str(file)).split())
        took = time.monotonic() - began
        memory[number] = anonymous
        seconds = {"seconds": round(took), "seconds_a_1000": round(1000 * took / made, 1)}
        note("moving in", f"{made:,} articles", **seconds, peak_MB=peak, own_MB=anonymous)

    assert took / made * 10_000 < MINUTES_FOR_TEN_THOUSAND * 60
    assert memory[1] - memory[0] < 30
