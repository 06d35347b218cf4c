# Finds PostgreSQL, MariaDB, Redis and Chromium for `make test-all`, or brings them in. Sourced, not run.
#
# Name your own: TEST_POSTGRES=postgres://user:password@host:port/name, TEST_MYSQL=mysql://..., TEST_REDIS=redis://...,
# TEST_CHROMIUM=/path/to/chromium. Else what answers on the usual local port without a password is used. Else, as root
# on Debian or Ubuntu, the packages are installed, and servers of our own run on other ports until the script ends.
# What cannot be had is left out and said; with CI=true it is an error.

python=.venv/bin/python
scratch=$(mktemp -d /tmp/cohorts-services.XXXXXX)
chmod 755 "$scratch"
stops=()
left_out=()

stop_services() {
    local stop
    for stop in ${stops[@]+"${stops[@]}"}; do
        eval "$stop" >/dev/null 2>&1 || true
    done
    rm -rf "$scratch"
}
trap stop_services EXIT

missing() {
    left_out+=("$1")
    echo "$1 cannot be had here: $2" >&2
    [ "${CI:-}" != true ]
}

is_root() { [ "$(id -u)" = 0 ]; }

# A server refuses to run as root; another user need not change.
as() {
    local user=$1
    shift
    if is_root; then runuser -u "$user" -- "$@"; else "$@"; fi
}

own_folder() {
    mkdir -p "$scratch/$1"
    if is_root; then chown "$2" "$scratch/$1"; fi
}

bring() {
    is_root && command -v apt-get >/dev/null || return 1
    if ! [ -e "$scratch/updated" ]; then
        apt-get update -qq && touch "$scratch/updated"
    fi
    echo "Installing $*"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 \
        "$@" >"$scratch/apt.log" 2>&1 || { tail -n 20 "$scratch/apt.log" >&2; return 1; }
}

answers() {
    "$python" - "$1" <<'PY' 2>/dev/null
import sys
from urllib.parse import urlsplit

url = urlsplit(sys.argv[1])
if url.scheme == "postgres":
    import psycopg
    psycopg.connect(host=url.hostname, port=url.port, user=url.username, password=url.password, dbname="postgres",
                    connect_timeout=3).close()
elif url.scheme == "mysql":
    import MySQLdb
    MySQLdb.connect(host=url.hostname, port=url.port, user=url.username, password=url.password or "",
                    connect_timeout=3).close()
else:
    import redis
    redis.Redis.from_url(sys.argv[1], socket_connect_timeout=3).ping()
PY
}

wait_for() {
    local tries
    for tries in $(seq 60); do
        if answers "$1"; then return 0; fi
        sleep 0.5
    done
    return 1
}

find_postgres() {
    local url=${TEST_POSTGRES:-postgres://postgres@127.0.0.1:5432/cohorts} bin
    if answers "$url"; then export TEST_POSTGRES=$url && return; fi
    bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
    if [ -z "$bin" ]; then
        bring postgresql || { missing PostgreSQL "no server answers at $url"; return; }
        bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
    fi
    own_folder postgres postgres
    as postgres "$bin/initdb" -D "$scratch/postgres/data" -A trust -U postgres >/dev/null
    as postgres "$bin/pg_ctl" -D "$scratch/postgres/data" -l "$scratch/postgres/log" -w \
        -o "-p 55432 -k $scratch/postgres -h 127.0.0.1 -c fsync=off -c full_page_writes=off" start >/dev/null
    stops+=("as postgres '$bin/pg_ctl' -D '$scratch/postgres/data' -m fast stop")
    url=postgres://postgres@127.0.0.1:55432/cohorts
    if wait_for "$url"; then export TEST_POSTGRES=$url; else missing PostgreSQL "the new server does not answer"; fi
}

# In each of the environments, since the tests run in all.
mysql_client() {
    local one
    for one in .venv*/bin/python; do
        "$one" -c 'import MySQLdb' 2>/dev/null || install_mysql_client "$one" && continue
        bring default-libmysqlclient-dev pkg-config gcc libc6-dev python3-dev || return 1
        install_mysql_client "$one" || return 1
    done
}

install_mysql_client() {
    "$1" -m pip install -q --disable-pip-version-check 'mysqlclient>=2.2.7' >"$scratch/pip.log" 2>&1
}

find_mysql() {
    local url=${TEST_MYSQL:-mysql://root@127.0.0.1:3306/cohorts} server
    mysql_client || { missing MariaDB "its Python client (mysqlclient) does not build"; return; }
    if answers "$url"; then export TEST_MYSQL=$url && return; fi
    server=$(PATH=$PATH:/usr/sbin command -v mariadbd || true)
    if [ -z "$server" ]; then
        bring mariadb-server || { missing MariaDB "no server answers at $url"; return; }
        server=$(PATH=$PATH:/usr/sbin command -v mariadbd)
    fi
    own_folder mysql mysql
    as mysql mariadb-install-db --no-defaults --datadir="$scratch/mysql/data" --skip-test-db \
        --auth-root-authentication-method=normal >/dev/null 2>&1
    as mysql "$server" --no-defaults --datadir="$scratch/mysql/data" --port=53306 --bind-address=127.0.0.1 \
        --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-flush-method=nosync \
        --socket="$scratch/mysql/socket" --pid-file="$scratch/mysql/pid" >"$scratch/mysql.log" 2>&1 &
    stops+=("kill \$(cat '$scratch/mysql/pid')")
    url=mysql://root@127.0.0.1:53306/cohorts
    if wait_for "$url"; then export TEST_MYSQL=$url; else missing MariaDB "the new server does not answer"; fi
}

find_redis() {
    local url=${TEST_REDIS:-redis://127.0.0.1:6379/9}
    if answers "$url"; then export TEST_REDIS=$url && return; fi
    if ! command -v redis-server >/dev/null; then
        bring redis-server || { missing Redis "no server answers at $url"; return; }
    fi
    redis-server --port 56379 --bind 127.0.0.1 --save '' --appendonly no --dir "$scratch" --daemonize yes \
        --pidfile "$scratch/redis.pid" >/dev/null
    stops+=("kill \$(cat '$scratch/redis.pid')")
    url=redis://127.0.0.1:56379/9
    if wait_for "$url"; then export TEST_REDIS=$url; else missing Redis "the new server does not answer"; fi
}

find_chromium() {
    local name
    for name in "${TEST_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name" >/dev/null; then
            TEST_CHROMIUM=$(command -v "$name")
            export TEST_CHROMIUM
            return
        fi
    done
    bring chromium || { missing Chromium "no such command"; return; }
    TEST_CHROMIUM=$(command -v chromium)
    export TEST_CHROMIUM
}
