"""The site that is measured, and the one table with which a run of the benchmarks ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench import reporting
from tests.bench.site import Filled, fill


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """One site for all measurements; BENCH_DATA names a folder that is kept for the next run."""
    folder = os.environ.get("BENCH_DATA")
    return fill(Path(folder).absolute() if folder else tmp_path_factory.mktemp("bench"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    if file := reporting.keep():
        terminalreporter.section("measured (times in ms)")
        terminalreporter.write_line("\n".join(reporting.table()).strip())
        terminalreporter.write_line(f"\nkept in {file}, to compare runs")
