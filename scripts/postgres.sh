#!/bin/sh
# Runs a command beside a PostgreSQL of its own. Usage: scripts/postgres.sh COMMAND [ARGUMENT]...
#
# The cluster lies in a temporary folder, listens on a socket in it and on no network, and is gone at the end. The
# command finds it in INSTICA_TEST_DATABASE_URL. PostgreSQL refuses to run as root: then the user `postgres` runs it.
set -eu

find_tools() {  # prints the newest folder that holds initdb and pg_ctl
    for folder in "${PG_BIN:-}" $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
        [ -n "$folder" ] && [ -x "$folder/initdb" ] && echo "$folder" && return
    done
    found=$(command -v initdb || true)
    [ -z "$found" ] || dirname "$(readlink -f "$found")"
}

tools=$(find_tools)
[ -n "$tools" ] || { echo "PostgreSQL is not installed. On Debian or Ubuntu: sudo apt-get install postgresql" >&2; exit 3; }
[ "${1:-}" != --found ] || exit 0

place=$(mktemp -d /tmp/pg-XXXXXX)  # short: a socket's path may have 107 letters
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    chown postgres "$place"
    as_owner() { runuser -u postgres -- "$@"; }
fi
quietly() { as_owner "$@" >"$place.log" 2>&1 || { cat "$place.log" >&2; exit 1; }; }

clean_up() {
    as_owner "$tools/pg_ctl" stop -D "$place/data" -m immediate -s >/dev/null 2>&1 || true
    rm -rf "$place" "$place.log"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

cd /  # the owner may not be allowed into the folder we stand in
quietly "$tools/initdb" -D "$place/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync
quietly "$tools/pg_ctl" start -D "$place/data" -w -s -l "$place/log" -o "-k $place -c listen_addresses='' \
-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 ${PG_OPTIONS:-}"
cd "$OLDPWD"

INSTICA_TEST_DATABASE_URL="postgres://postgres@$(echo "$place" | sed 's|/|%2F|g')/postgres" "$@"
