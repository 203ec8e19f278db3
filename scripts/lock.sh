#!/bin/sh
# Writes the lock files anew: every dependency with the hashes of its files for Linux, macOS and Windows.
# Needs uv, and a network. Usage: scripts/lock.sh [--upgrade]
set -eu
cd "$(dirname "$0")/.."

UV=${UV:-uv}
command -v "$UV" >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }

# No configuration of this machine (extra indexes, local wheels, constraints) may leak into the files.
for name in $(env | sed -n 's/^\(\(PIP\|UV\)_[A-Z_]*\)=.*/\1/p'); do
    case $name in *CERT*|UV_CACHE_DIR) ;; *) unset "$name" ;; esac
done

compile() {  # compile OUTPUT SOURCE... : resolves the sources into OUTPUT
    output=$1
    shift
    "$UV" pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate \
        --custom-compile-command "make lock" --output-file "$output" ${upgrade:+"$upgrade"} "$@"
    if grep -Ein '://|file:|--(extra-)?index|--find-links' "$output"; then
        echo "$output names a place to download from; it must not." >&2
        exit 1
    fi
    echo "$output: $(grep -c '==' "$output") packages"
}

upgrade=${1:-}
compile requirements.lock --extra test --extra team pyproject.toml requirements-build.in
compile requirements-lint.lock requirements-lint.in
compile requirements-package.lock requirements-package.in
