#!/usr/bin/env bash
# What `make test-nightly` adds to `make test-all`: every long run in its full form, hours in all.
# Each prints one JSON object and fails when a promise is broken; all are run, and the failures named at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=.ci/services.sh
. .ci/services.sh

find_postgres
find_mysql
find_redis

# A program of tests/reliability and its arguments, one a line. Counts that are not given are the full form's.
runs="
    kill_worker --database sqlite
    kill_worker --database postgres
    kill_worker --database mariadb
    web_kill --database sqlite
    web_kill --database postgres
    redis_outage --how kill
    redis_outage --how hang
    redis_outage --how flush
    postgres_kill --workers celery
    postgres_kill --workers plain
    storage_failure
    races --database ${TEST_POSTGRES:-}
    races --database ${TEST_MYSQL:-}
    life_machine --runs 5000 --steps 50
    life_machine --runs 500 --steps 50 --database ${TEST_POSTGRES:-}
    hostile pdfs
    hostile images
    hostile forms
"
failed=()
while read -r program arguments; do
    if [ -z "$program" ]; then continue; fi
    if ! [ -e "tests/reliability/$program.py" ] && ! [ -d "tests/reliability/$program" ]; then continue; fi
    echo "== $program $arguments"
    # shellcheck disable=SC2086
    .venv/bin/python -m "tests.reliability.$program" $arguments </dev/null || failed+=("$program $arguments")
done <<<"$runs"

if [ ${#failed[@]} != 0 ]; then
    printf 'A promise was broken by: %s\n' "${failed[@]}" >&2
    exit 1
fi
