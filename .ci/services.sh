#!/bin/bash
# Tests that need a server: installs what is missing, starts a PostgreSQL of their own, skips nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
WORK=$(mktemp -d)
. .ci/elasticsearch.sh
trap 'stop' EXIT

stop() {
    if [ -n "${PGDATA:-}" ] && [ -f "$PGDATA/postmaster.pid" ]; then as_postgres "$PG/pg_ctl" -s -D "$PGDATA" -m immediate stop || true; fi
    stop_elasticsearch "$WORK/elasticsearch"
    rm -rf "$WORK"
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
has() { command -v "$1" >/dev/null 2>&1; }
postgres_folder() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

install_missing() {
    local wanted=()
    [ -n "$(postgres_folder)" ] || wanted+=(postgresql)
    [ -n "$(find_chromium)" ] || wanted+=(chromium)
    has java || wanted+=(default-jre-headless)
    has npm || wanted+=(npm)
    has mvn || wanted+=(maven)
    has nginx || [ -x /usr/sbin/nginx ] || wanted+=(nginx-light)
    if [ ${#wanted[@]} -gt 0 ]; then
        echo "Installing ${wanted[*]} …"
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
    fi
}

fetch_html_checker() {
    mkdir -p .data/tools
    if [ ! -f .data/tools/vnu.jar ]; then
        echo "Fetching the Nu HTML checker …"
        (cd "$WORK" && npm pack --silent vnu-jar@26 >/dev/null && tar -xzf vnu-jar-*.tgz)
        cp "$(find "$WORK/package" -name vnu.jar | head -n 1)" .data/tools/vnu.jar
    fi
    export VNU_JAR="$PWD/.data/tools/vnu.jar"
}

fetch_pdf_checker() {
    local version=1.28.2
    export VERAPDF_JAR="$PWD/.data/tools/verapdf-$version.jar"
    [ -f "$VERAPDF_JAR" ] && return
    mkdir -p .data/tools
    echo "Fetching veraPDF $version (9 MB) …"
    mvn -q -B dependency:copy -Dartifact=org.verapdf.apps:greenfield-apps:$version -DoutputDirectory="$WORK" >/dev/null
    cp "$WORK/greenfield-apps-$version.jar" "$VERAPDF_JAR"
}

start_postgres() {
    PG=$(postgres_folder)
    PGDATA=$WORK/postgres
    PGPORT=$(.venv/bin/python -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
    chmod 755 "$WORK"
    mkdir "$PGDATA"
    if [ "$(id -u)" = 0 ]; then chown postgres "$PGDATA"; fi
    as_postgres "$PG/initdb" -D "$PGDATA" -U kgi --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    as_postgres "$PG/pg_ctl" -s -w -D "$PGDATA" -l "$PGDATA/log" \
        -o "-p $PGPORT -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off" start
    "$PG/createdb" -h 127.0.0.1 -p "$PGPORT" -U kgi kgi
    export DATABASE_URL="postgresql://kgi@127.0.0.1:$PGPORT/kgi"
    "$PG/psql" -q -h 127.0.0.1 -p "$PGPORT" -U kgi -c "SELECT 1" kgi >/dev/null
}

start_search() {
    fetch_elasticsearch
    local port
    port=$(.venv/bin/python -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
    start_elasticsearch "$WORK/elasticsearch" "$port" discovery.type=single-node xpack.security.enabled=false
    wait_for_elasticsearch "http://127.0.0.1:$port"
    export ELASTICSEARCH_TEST_URL="http://127.0.0.1:$port"
}

install_missing
fetch_html_checker
fetch_pdf_checker
start_postgres
start_search
CHROMIUM=$(find_chromium)
export CHROMIUM
echo "PostgreSQL, Elasticsearch, Chromium ($CHROMIUM), Java and the checkers of HTML and PDF are ready."

if [ "$#" -gt 0 ]; then
    .venv/bin/python -m pytest -m "services and not soak" "$@"
    exit
fi
echo "== Tests that need services, on PostgreSQL"
.venv/bin/python -m pytest -m "services and not soak" -q --durations 8
echo "== The other tests, on PostgreSQL"
mkdir -p .data/coverage
rm -f .data/coverage/*
.venv/bin/python -m pytest -m "not services and not soak and not bench" -n 2 --dist worksteal -q --cov --cov-report=
echo "== Coverage of the project's own code"
.venv/bin/python -m coverage report --format=text | tail -n 60
