#!/bin/sh
# The tests that need no server, on two processes, with the coverage of the project's own code.
set -eu
mkdir -p .data/coverage
rm -f .data/coverage/*
if [ "$#" -gt 0 ]; then
    exec .venv/bin/python -m pytest -m "not services and not soak and not bench" "$@"
fi
.venv/bin/python -m pytest -m "not services and not soak and not bench" -n 2 --dist worksteal -q --durations 8 --cov --cov-report=
.venv/bin/python -m coverage report --format=text | tail -n 60
