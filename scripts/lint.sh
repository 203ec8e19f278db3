#!/bin/sh
# All static checks; every one runs, so that one call shows everything there is to mend.
set -eu
cd "$(dirname "$0")/.."

scripts/setup.sh run
scripts/setup.sh lint
bin=.venv-lint/bin
status=0
check() {  # check COMMAND ARGUMENT... : runs it and remembers a failure
    printf '── %s\n' "${1##*/} ${2:-}"
    "$@" || status=1
}

check "$bin/ruff" check .
check "$bin/ruff" format --check .
check "$bin/basedpyright" --pythonpath .venv/bin/python
check "$bin/lint-imports" --no-cache
exit "$status"
