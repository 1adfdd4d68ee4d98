"""`python -m tests.bench.compare BEFORE.json AFTER.json` prints what has changed between two runs, as ratios."""

from __future__ import annotations

import json
import sys
from pathlib import Path

Figures = dict[str, float]


def read(file: str) -> dict[tuple[str, str], Figures]:
    """Return the numbers of each row of a run."""
    rows = json.loads(Path(file).read_text(encoding="utf-8"))["rows"]
    return {
        (row["group"], row["what"]): {key: value for key, value in row.items() if isinstance(value, int | float)}
        for row in rows
    }


def changes(before: dict[tuple[str, str], Figures], after: dict[tuple[str, str], Figures]) -> list[str]:
    """Return a line for each row of both runs; 1.00 means the same."""
    lines = []
    for row in (row for row in before if row in after):
        both = [key for key in before[row] if before[row][key] and key in after[row] and not key.startswith("target")]
        ratios = "   ".join(f"{key} {after[row][key] / before[row][key]:.2f}" for key in both)
        lines.append(f"{row[0]}: {row[1]}  {ratios}")
    return lines


if __name__ == "__main__":
    print("\n".join(changes(read(sys.argv[1]), read(sys.argv[2]))))
