"""One table for people and one JSON file for comparisons: what a run of the benchmarks ends with."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

FILE = Path(__file__).resolve().parents[2] / ".data" / "bench.json"
NAMES = ("what", "path", "page", "kind")  # of the column that says what a row of a benchmark is about
_rows: list[dict[str, Any]] = []


def timings(work: Callable[[], object], times: int) -> list[float]:
    """Return how many milliseconds `work` took, each time."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def summary(taken: Sequence[float]) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds."""
    ordered = sorted(taken)
    return {"p50": round(statistics.median(ordered), 1), "p95": round(ordered[int(len(ordered) * 0.95) - 1], 1)}


def note(group: str, what: str, **figures: Any) -> None:
    """Keep one measurement for the table at the end of the run; times in milliseconds, `target` is the limit."""
    _rows.append({"group": group, "what": what, **figures})


def report(group: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep several measurements; the column that names them is one of NAMES."""
    for row in rows:
        name = next(name for name in NAMES if name in row)
        note(group, str(row[name]), **{key: value for key, value in row.items() if key != name})


def table() -> list[str]:
    """Return the lines of the one table of this run."""
    width = max((len(row["what"]) for row in _rows), default=0)
    lines = []
    for group in dict.fromkeys(row["group"] for row in _rows):
        lines += ["", group]
        for row in (row for row in _rows if row["group"] == group):
            figures = [f"{key} {value}" for key, value in row.items() if key not in ("group", "what") and value != ""]
            lines.append(f"  {row['what']:{width}}  {'   '.join(figures)}")
    return lines


def keep() -> Path | None:
    """Write this run to `.data/bench.json`, with the machine and the moment; None when nothing was measured."""
    if not _rows:
        return None
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    FILE.parent.mkdir(parents=True, exist_ok=True)
    facts = {"at": timezone.now().isoformat(), **machine, "rows": _rows}
    FILE.write_text(json.dumps(facts, indent=1, ensure_ascii=False, default=str), encoding="utf-8")
    return FILE
