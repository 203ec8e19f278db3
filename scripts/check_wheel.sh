#!/bin/sh
# Builds the sdist and, from it, the wheel; installs the wheel into an environment of its own, away from this folder,
# and asks the installed program for its version and its resources. Needs no network: the other packages are
# borrowed from .venv by path.
set -eu
cd "$(dirname "$0")/.."

scripts/setup.sh run
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python=$PWD/.venv/bin/python
quietly() { "$@" >"$place/log" 2>&1 || { cat "$place/log" >&2; exit 1; }; }

quietly "$python" -m hatchling build --target sdist --directory "$place/dist"
mkdir "$place/source"
tar -xzf "$place"/dist/*.tar.gz -C "$place/source" --strip-components 1
(cd "$place/source" && quietly "$python" -m hatchling build --target wheel --directory "$place/dist")

"$python" -m venv --without-pip "$place/env"
quietly "$python" -m pip --python "$place/env/bin/python" install --no-deps --no-index --quiet "$place"/dist/*.whl
packages=$("$place/env/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
"$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' >"$packages/borrowed.pth"

cd /
unset PYTHONPATH
"$place/env/bin/python" - <<'PYTHON'
"""The installed package must be the wheel's own, whole, and find its resources."""
import importlib.metadata
import pathlib
import sys

import instica_desktop

home = pathlib.Path(instica_desktop.__file__).parent
assert home.is_relative_to(sys.prefix), f"found {home}, not the wheel"
assert importlib.metadata.version("instica-desktop") == instica_desktop.__version__

from instica_desktop.system import resources  # noqa: E402 - after the check that it is the right one

for part in ("icons", "fonts", "catalogue"):
    files = [path for path in (home / "resources" / part).rglob("*") if path.is_file()]
    assert files, f"the wheel has no {part}"
    print(f"  {part}: {len(files)} files")
print(f"  resources module: {pathlib.Path(resources.__file__).relative_to(home)}")
PYTHON
QT_QPA_PLATFORM=offscreen "$place/env/bin/instica-desktop" --version
echo "The wheel is whole: $(cd "$place/dist" && echo *.whl)"
