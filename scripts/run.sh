#!/bin/sh
# Opens the app on a shop of its own with 2,000 records in it; without a display, runs the tour and leaves pictures.
# Everything it writes lies under .run/ in this folder. PROFILE=DIR keeps the shop elsewhere.
set -eu
cd "$(dirname "$0")/.."

if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    echo "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): running the tour instead."
    scripts/setup.sh tour
    rm -rf .run/tour
    status=0
    QT_QPA_PLATFORM=offscreen .venv/bin/instica-desktop tour --out .run/tour || status=$?
    if [ "$status" != 0 ]; then
        echo "The tour did not get through; the lines above and .run/tour/tour.json say why." >&2
    fi
    [ ! -d .run/tour ] || echo "Pictures: $PWD/.run/tour"
    exit "$status"
fi

scripts/setup.sh run
profile=${PROFILE:-.run/profile}
echo "Opening a demo shop; it lives in $profile and is yours to change."
exec .venv/bin/instica-desktop --profile "$profile" run --demo
