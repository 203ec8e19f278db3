#!/bin/sh
# Builds the program with its own Python into dist/instica-desktop (PyInstaller's one-folder build, from which the
# installers are made), then proves it away from this folder: its version, its server, and the tour, which does the
# main job. The builder lives in an environment of its own, which borrows the program's packages from .venv by path.
set -eu
cd "$(dirname "$0")/.."

scripts/setup.sh tour
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python=$PWD/.venv/bin/python
quietly() { "$@" >"$place/log" 2>&1 || { tail -n 40 "$place/log" >&2; exit 1; }; }

command -v objdump >/dev/null || [ "$(uname -s)" != Linux ] || {
    echo "PyInstaller needs objdump. On Debian or Ubuntu: sudo apt-get install binutils" >&2
    exit 1
}
"$python" -m venv --without-pip "$place/env"
quietly "$python" -m pip --python "$place/env/bin/python" install --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r requirements-package.lock
packages=$("$place/env/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
"$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' >"$packages/borrowed.pth"

echo "Building; this takes some minutes …"
quietly "$place/env/bin/python" -m PyInstaller --noconfirm --workpath "$place/work" --distpath dist \
    packaging/pyinstaller/instica-desktop.spec
program=$PWD/dist/instica-desktop/instica-desktop

cd /
unset PYTHONPATH
export QT_QPA_PLATFORM=offscreen
"$program" --version
"$program" tour --out "$place/tour"
echo "The program is whole: dist/instica-desktop, $(du -sm "${program%/*}" | cut -f1) MB"
