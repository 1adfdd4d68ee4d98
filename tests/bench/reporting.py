"""One table for people and one JSON file for comparisons: what every benchmark ends with."""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.utils import timezone

FOLDER = Path(__file__).resolve().parents[2] / ".data" / "bench"


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


def report(name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Print the rows as one table and keep them with date and machine in `.data/bench`."""
    columns = list(rows[0])
    widths = [max(len(str(row[column])) for row in [*rows, {column: column}]) for column in columns]
    print(f"\n{name}")
    for row in [{column: column for column in columns}, *rows]:
        print("  ".join(str(row[column]).rjust(width) for column, width in zip(columns, widths, strict=True)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    facts = {"at": timezone.now().isoformat(), "python": platform.python_version(), "rows": [*rows]}
    (FOLDER / f"{name}.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
