#!/usr/bin/env bash
# What `make test-ci` (pairs) and `make test-all` (every) add to `make test`, which is the suite on Wagtail 8, SQLite
# and the plain host: the browser, what takes time, and the suite on other Wagtails, databases and hosts.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=.ci/services.sh
. .ci/services.sh

# Wagtail, database, host (tests/settings.py or tests/hosts/other.py). `part` runs the rooms that touch databases only.
pairs="
    74 sqlite other
    80 postgres plain part
    80 mysql plain part
"
every="
    80 sqlite other
    80 postgres plain
    80 postgres other
    80 mysql plain
    80 mysql other
    74 sqlite plain
    74 sqlite other
    74 postgres plain
    74 postgres other
    74 mysql plain
    74 mysql other
"
rooms=(operations evidence batches links institutions cohorts enrollments sponsors tenancy
    test_life.py test_transactions.py test_database_checks.py)
case ${1:-pairs} in
pairs) combinations=$pairs ;;
every) combinations=$every ;;
*) echo "usage: .ci/test_all.sh pairs|every" >&2 && exit 2 ;;
esac

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
read -ra part <<<"${PYTEST:-}"

# pytest's exit code 5 says that the marker chose nothing.
run() {
    echo "== $1"
    shift
    "$@" || { local code=$?; [ "$code" = 5 ] || exit "$code"; }
}

# Programs that bring processes and servers of their own: once is enough.
knife=(tests/reliability/test_knife.py tests/reliability/test_kill_worker.py)

# The suite on one Wagtail, database and host.
suite() {
    local venv=.venv settings=tests.settings database='' marked="not services and not browser and not slow"
    if [ "$1" = 74 ]; then venv=.venv74; fi
    if [ "$3" = other ]; then settings=tests.hosts.other; fi
    case $2 in
    postgres) database=${TEST_POSTGRES:-} ;;
    mysql) database=${TEST_MYSQL:-} ;;
    esac
    if [ "$2" != sqlite ]; then
        if [ -z "$database" ]; then return; fi
        marked="not browser and not slow"
    fi
    local where=()
    if [ "${4:-}" = part ]; then where=("${rooms[@]/#/tests/}"); fi
    run "Wagtail ${1:0:1}.${1:1}, $2, $3 host${4:+, the rooms that touch them}" env DATABASE="$database" DJANGO_SETTINGS_MODULE="$settings" \
        "$venv/bin/pytest" -q -n "$workers" -m "$marked" "${knife[@]/#/--ignore=}" ${where[@]+"${where[@]}"} \
        ${part[@]+"${part[@]}"}
}

if [ -n "${TEST_CHROMIUM:-}" ]; then
    run "In Chromium" .venv/bin/pytest -q -m browser ${part[@]+"${part[@]}"}
fi
# The programs that break things run in full with `make test-nightly`, in short form with `make test-all`.
slow=()
if [ "${1:-pairs}" = pairs ]; then slow=(--ignore=tests/reliability); fi
run "What takes time" .venv/bin/pytest -q -m slow ${slow[@]+"${slow[@]}"} ${part[@]+"${part[@]}"}
if [ "${1:-pairs}" = every ] && [ -z "${PYTEST:-}" ]; then
    run "Workers and servers fail" .venv/bin/pytest -q -m services "${knife[@]}"
fi
while read -r wagtail database host extent; do
    if [ -n "$wagtail" ]; then suite "$wagtail" "$database" "$host" "$extent" </dev/null; fi
done <<<"$combinations"
