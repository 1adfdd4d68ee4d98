#!/bin/sh
# Writes both lock files for all platforms and Python versions, without any index address.
set -eu
compile() {
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
        --custom-compile-command "make lock" "$@" pyproject.toml
}
compile --upgrade --output-file requirements.lock
compile --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock
if grep -nE '(https?|file)://|--(extra-)?index-url|--find-links' requirements.lock requirements-dev.lock; then
    echo "The lock files name an address; they must work everywhere."
    exit 1
fi
