"""Ends a run of the benchmarks with one table, and writes it down."""

from __future__ import annotations

import pytest

from tests.bench import reporting


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    if file := reporting.keep():
        terminalreporter.section("measured (times in ms)")
        terminalreporter.write_line("\n".join(reporting.table()).strip())
        terminalreporter.write_line(f"\nkept in {file}, to compare runs")
