#!/bin/sh
# The tests that need no server, on two processes. COVERAGE=1 measures the project's own code too, which takes two thirds longer.
set -eu
PLAIN="not services and not soak and not bench"
if [ "$#" -gt 0 ]; then
    exec .venv/bin/python -m pytest -m "$PLAIN" "$@"
fi
if [ -z "${COVERAGE:-}" ]; then
    exec .venv/bin/python -m pytest -m "$PLAIN" -n 2 --dist worksteal -q --durations 8
fi
mkdir -p .data/coverage
rm -f .data/coverage/*
.venv/bin/python -m pytest -m "$PLAIN" -n 2 --dist worksteal -q --durations 8 --cov --cov-report=
.venv/bin/python -m coverage report --format=text | tail -n 60
