#!/usr/bin/env bash
# What `make test-all` adds to `make test`: every test on PostgreSQL, the service tests on MariaDB, the browser.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=.ci/services.sh
. .ci/services.sh

find_postgres
find_mysql
find_redis
find_chromium
for name in TEST_POSTGRES TEST_MYSQL TEST_REDIS TEST_CHROMIUM; do
    echo "$name=${!name:-left out}"
done
# Before the tests: the last line is pytest's.
if [ ${#left_out[@]} != 0 ]; then
    echo "Left out, since they could not be had here: ${left_out[*]}"
fi

workers=$(nproc 2>/dev/null || echo 2)

# pytest's exit code 5 says that the marker chose nothing.
run() {
    echo "== $1"
    shift
    "$@" || { local code=$?; [ "$code" = 5 ] || exit "$code"; }
}

if [ -n "${TEST_CHROMIUM:-}" ]; then
    run "In Chromium" .venv/bin/pytest -q -m browser
fi
run "What takes time" .venv/bin/pytest -q -m slow
if [ -n "${TEST_MYSQL:-}" ]; then
    run "On MariaDB" env DATABASE="$TEST_MYSQL" .venv/bin/pytest -q -m services
fi
if [ -n "${TEST_POSTGRES:-}" ]; then
    run "On PostgreSQL" env DATABASE="$TEST_POSTGRES" .venv/bin/pytest -q -n "$workers" -m "not browser and not slow"
fi
