#!/bin/sh
# Sets up everything a command of this project needs. Usage: scripts/setup.sh [run|tour|test|lint]
#
# It needs Python 3.11 or newer and a network the first time. A second call finds nothing to do and is quick.
# The Python environment is built in a folder named after what is in it (.venv-<key>); `.venv` is a link that is
# switched in one step when the new folder is complete. So whenever this is interrupted, `.venv` is either the old
# environment or the new one, never half of one. (A finished virtual environment cannot be renamed itself: its
# commands hold the path of their Python.)
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=scripts/system_packages.sh
. scripts/system_packages.sh

purpose=${1:-run}
case $purpose in run | tour | test | lint) ;; *)
    echo "Usage: scripts/setup.sh [run|tour|test|lint]" >&2
    exit 2 ;;
esac

# These would send packages somewhere else than into the environment.
unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_VIRTUALENV PIP_NO_BUILD_ISOLATION

say() { printf '%s\n' "$*"; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }

find_python() {  # prints the first Python that is new enough
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

key_of() {  # key_of FILE... : what the environment is made of, in 12 letters; changes with the files, Python and place
    "$python" -c '
import hashlib, os, sys
made_of = hashlib.sha256(repr((sys.version, sys.base_prefix, os.getcwd())).encode())
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        made_of.update(file.read())
print(made_of.hexdigest()[:12])' "$@"
}

is_ready() {  # is_ready LINK KEY : whether LINK leads to the complete environment KEY
    [ -f "$1/.complete" ] && [ "$(cat "$1/.complete")" = "$2" ]
}

explain_failure() {  # explain_failure LOG : says why the installer stopped, and what to do
    tail -n 12 "$1" >&2
    if grep -qiE 'no space left|disk quota' "$1"; then
        fail "The disk is full. Free about 1 GB and run the same command again; nothing was left half done."
    elif grep -qiE 'name resolution|NewConnectionError|ConnectTimeout|ReadTimeout|Max retries|ProxyError|unreachable|No matching distribution' "$1"
    then
        fail "The packages could not be fetched. Check the network (or the proxy) and run the same command again."
    elif grep -qi 'do not match the hashes' "$1"; then
        fail "A package differs from the one in the lock file and was refused. Clear pip's cache (pip cache purge), try again."
    fi
    fail "The installation did not finish; the lines above say why. Run the same command again when it is mended."
}

install_into() {  # install_into FOLDER LOCKFILE LOG
    "$python" -m venv "$1" &&
        "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
            --require-hashes --only-binary :all: -r "$2" &&
        if [ "$2" = requirements.lock ]; then
            "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
                --no-deps --no-build-isolation --no-index -e .
        fi
}

switch() {  # switch LINK FOLDER : one step, so there is always a whole environment behind the link
    "$python" -c '
import os, sys
link, folder = sys.argv[1:]
os.symlink(folder, f"{folder}.link")
os.replace(f"{folder}.link", link)' "$1" "$2"
}

build() {  # build LINK KEY LOCKFILE
    link=$1 key=$2 lockfile=$3
    folder=$link-$key
    log=$folder.log
    [ -L "$link" ] || [ ! -e "$link" ] || fail "$link is a folder this project did not make. Move it away and try again."
    previous=$(readlink "$link" || true)

    if ! [ -f "$folder/.complete" ]; then
        free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
        [ "$free" -ge 900 ] || fail "The disk has $free MB free and the set-up needs 900 MB. Free some and try again."
        say "Installing $(grep -c == "$lockfile") packages into $link (some 200 MB, once) …"
        rm -rf "$folder" "$folder.link"
        trap 'rm -rf "$folder"' EXIT
        trap 'exit 130' INT TERM HUP
        install_into "$folder" "$lockfile" >"$log" 2>&1 || explain_failure "$log"
        printf '%s\n' "$key" >"$folder/.complete"
        trap - EXIT INT TERM HUP
        rm -f "$log"
    fi
    rm -f "$folder.link" "$link"-*.log
    switch "$link" "$folder"

    # The environment used until now stays, since a window may still run from it; older ones go.
    for old in "$link"-????????????; do
        case $old in "$folder" | "$previous") ;; *) rm -rf "$old" ;; esac
    done
}

require_qt() {  # Only when a library seems to be missing: does Qt start all the same?
    .venv/bin/python -c 'from PySide6.QtWidgets import QApplication; QApplication([])' >/dev/null 2>&1 && return
    .venv/bin/python -c 'from PySide6.QtWidgets import QApplication; QApplication([])' 2>&1 | tail -n 3 >&2 || true
    fail "Qt cannot start without these libraries. Install them with the line above, then run the same command again."
}

python=$(find_python)
[ -n "$python" ] || fail "Python 3.11 or newer is needed and was not found. Install it, or name it: make run PYTHON=/path/to/python3"

if [ "$purpose" = lint ]; then
    link=.venv-lint lockfile=requirements-lint.lock
    key=$(key_of requirements-lint.lock scripts/setup.sh)
else
    link=.venv lockfile=requirements.lock
    key=$(key_of requirements.lock pyproject.toml scripts/setup.sh)
fi

bring_system_packages "$purpose"

if ! is_ready "$link" "$key"; then
    if [ -z "${SETUP_HAS_LOCK:-}" ]; then
        # One set-up at a time in this folder: take the lock, then start this script again holding it.
        exec "$python" -c '
import fcntl, os, sys
file = os.open(".setup.lock", os.O_CREAT | os.O_RDWR, 0o644)
try:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    print("Another set-up is running in this folder; waiting for it …", flush=True)
    fcntl.flock(file, fcntl.LOCK_EX)
os.set_inheritable(file, True)
os.environ["SETUP_HAS_LOCK"] = "1"
os.execv("/bin/sh", ["/bin/sh", *sys.argv[1:]])' scripts/setup.sh "$purpose"
    fi
    build "$link" "$key" "$lockfile"
fi

if [ "$purpose" != lint ] && [ -n "$still_missing" ]; then
    [ "$purpose" = run ] || export QT_QPA_PLATFORM=offscreen
    require_qt
fi
