#!/usr/bin/env bash
# Makes .venv and installs the package with one dependency group: .ci/venv.sh demo|dev|all [REQUIREMENT...]
# VENV names another folder. Needs the package index only. One dot on the screen for each package; on failure, the
# whole output.
set -euo pipefail
cd "$(dirname "$0")/.."

group=$1
shift
python=${PYTHON:-python3}
venv=${VENV:-.venv}
log=$venv/install.log

fail() {
    echo "$1" >&2
    exit 1
}

# Newer tox leaves a small file of this name that points to one of its own environments.
if [ -f "$venv" ]; then rm "$venv"; fi

if ! [ -x "$venv/bin/python" ]; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "wagtail-cohorts needs Python 3.11 or newer; '$python' is not. Name another: make PYTHON=python3.12 ..."
    echo "Making $venv with $("$python" --version)"
    "$python" -m venv "$venv" ||
        fail "Could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"
fi

install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check --no-input "$@" >>"$log" 2>&1
}

dots() {
    local shown=0 now
    while sleep 1; do
        now=$(grep -c '^Collecting ' "$log" 2>/dev/null || true)
        while [ "$shown" -lt "${now:-0}" ]; do
            printf .
            shown=$((shown + 1))
        done
    done
}

echo "Installing the package and its dependencies ($group${*:+, $*}), about a minute"
: >"$log"
dots &
dots_pid=$!
trap 'kill "$dots_pid" 2>/dev/null || true' EXIT
# Dependency groups need pip 25.1.
if ! { install --upgrade "pip>=25.1" && install --group "$group" --editable . "$@"; }; then
    echo
    cat "$log" >&2
    fail "The installation failed; see above."
fi
echo " done"
