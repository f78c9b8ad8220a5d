#!/bin/sh
# Runs fuzz targets, one after the other: `fuzz/run.sh [SECONDS [TARGET…]]`, by default 60 seconds of each.
# `SANITIZER=address fuzz/run.sh …` looks for misuse of memory too, at less speed. Wants a nightly compiler.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- validate execute gas state decode
cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz
cd "$here"
for target in "$@"; do
    log=$(mktemp)
    mkdir -p "corpus/$target"
    status=0
    cargo +nightly fuzz run -O --sanitizer "${SANITIZER:-none}" --features libfuzzer "$target" \
        "corpus/$target" "seeds/$target" -- -max_total_time="$seconds" -max_len=4096 -timeout=60 \
        -rss_limit_mb=4096 -print_final_stats=1 >"$log" 2>&1 || status=$?
    edges=$(grep -o 'cov: [0-9]*' "$log" | tail -1)
    runs=$(grep -o 'stat::number_of_executed_units: [0-9]*' "$log" | grep -o '[0-9]*$' || echo '?')
    echo "$target: ${runs} executions, edges ${edges#cov: }, $(grep '^stats:' "$log" | tail -1)"
    if [ "$status" -ne 0 ]; then
        tail -40 "$log"
        exit "$status"
    fi
    rm -f "$log"
done
