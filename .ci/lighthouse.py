"""Measures one page of each type with Lighthouse on phone and desktop; a report, not part of any check.

Needs Node and Chromium: `npm install --prefix /tmp/lighthouse lighthouse`, a running site (`make run`), then
`LIGHTHOUSE=/tmp/lighthouse/node_modules/.bin/lighthouse python .ci/lighthouse.py http://127.0.0.1:8000 --runs 5`.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
DEVICES = {"phone": (), "desktop": ("--preset=desktop",)}
TRIES = 3  # the browser does not always start on a busy machine
KIND = re.compile(r'<body class="page-([\w-]+)')


def one_page_of_each_kind(site: str) -> dict[str, str]:
    """Return one German address for each page type of the sitemap, and the search."""
    with urllib.request.urlopen(f"{site}/sitemap.xml") as answer:  # noqa: S310 - our own site
        paths = re.findall(r"<loc>https?://[^/]+(/de/[^<]*)</loc>", answer.read().decode())
    found: dict[str, str] = {}
    for path in paths:
        with urllib.request.urlopen(site + path) as answer:  # noqa: S310 - our own site
            if kind := KIND.search(answer.read().decode()):
                found.setdefault(kind[1], path)
    return {**found, "search": "/de/suche/?q=Plan"}


def measure(lighthouse: str, address: str, device: str, runs: int) -> tuple[list[int], set[str]]:
    """Return the median score of each category in percent, and what cost points outside of speed."""
    scores: dict[str, list[float]] = {name: [] for name in CATEGORIES}
    failed: set[str] = set()
    for _ in range(runs):
        report = run(lighthouse, address, device)
        for name in CATEGORIES:
            scores[name].append(report["categories"][name]["score"] or 0)
        failed |= failures(report)
    return [round(100 * statistics.median(values)) for values in scores.values()], failed


def run(lighthouse: str, address: str, device: str) -> dict:
    """Run Lighthouse once and return its report."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "report.json"
        command = [
            lighthouse,
            address,
            "--quiet",
            "--output=json",
            f"--output-path={target}",
            f"--chrome-flags={FLAGS}",
        ]
        for _try in range(TRIES):
            done = subprocess.run([*command, *DEVICES[device]], check=False, capture_output=True, text=True)
            if done.returncode == 0:
                return json.loads(target.read_text())
    raise SystemExit(f"Lighthouse does not get through: {address}\n{done.stderr.strip()[-500:]}")


def failures(report: dict) -> set[str]:
    """Return the audits that cost points in the categories that do not depend on the machine's speed."""
    names = {
        entry["id"] for name in CATEGORIES[1:] for entry in report["categories"][name]["auditRefs"] if entry["weight"]
    }
    return {name for name in names if (report["audits"][name]["score"] or 0) < 1 and is_scored(report["audits"][name])}


def is_scored(audit: dict) -> bool:
    """Return whether an audit applied to the page."""
    return audit["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")


def main() -> int:
    """Print one line for each page and device; fail when a category other than speed is below 100."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], help="page types, e.g. homepage search")
    wish = parser.parse_args()
    lighthouse = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    if not lighthouse:
        print("Lighthouse is missing: npm install --prefix /tmp/lighthouse lighthouse, then set LIGHTHOUSE.")
        return 1
    is_good = True
    print(f"{'page':24}{'device':10}{''.join(f'{name:>16}' for name in CATEGORIES)}")
    for kind, path in one_page_of_each_kind(wish.site).items():
        if wish.only and kind not in wish.only:
            continue
        for device in DEVICES:
            scores, failed = measure(lighthouse, wish.site + path, device, wish.runs)
            is_good = is_good and scores[1:] == [100] * 3
            print(
                f"{kind:24}{device:10}{''.join(f'{score:16}' for score in scores)}  {' '.join(sorted(failed))}",
                flush=True,
            )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
