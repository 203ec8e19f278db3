# shellcheck shell=sh disable=SC2034,SC2154  # shares variables with scripts/setup.sh
# What the project needs from the operating system, for scripts/setup.sh to source.
# Each line of a list: how to see that it is there, and the Debian or Ubuntu package that brings it.
# (Asking for the library rather than the package also answers rightly on other systems.)

qt_needs="
lib:libGL.so.1              libgl1
lib:libEGL.so.1             libegl1
lib:libfontconfig.so.1      libfontconfig1
lib:libfreetype.so.6        libfreetype6
lib:libglib-2.0.so.0        libglib2.0-0
lib:libdbus-1.so.3          libdbus-1-3
lib:libxkbcommon.so.0       libxkbcommon0
lib:libbrotlidec.so.1       libbrotli1
lib:libgssapi_krb5.so.2     libgssapi-krb5-2
file:/usr/share/fonts       fonts-dejavu-core
"
window_needs="
lib:libxcb-cursor.so.0      libxcb-cursor0
lib:libxcb-icccm.so.4       libxcb-icccm4
lib:libxcb-image.so.0       libxcb-image0
lib:libxcb-keysyms.so.1     libxcb-keysyms1
lib:libxcb-randr.so.0       libxcb-randr0
lib:libxcb-render-util.so.0 libxcb-render-util0
lib:libxcb-shape.so.0       libxcb-shape0
lib:libxcb-sync.so.1        libxcb-sync1
lib:libxcb-xfixes.so.0      libxcb-xfixes0
lib:libxcb-xkb.so.1         libxcb-xkb1
lib:libxkbcommon-x11.so.0   libxkbcommon-x11-0
lib:libX11-xcb.so.1         libx11-xcb1
"
test_needs="
cmd:Xvfb                    xvfb
cmd:xauth                   xauth
cmd:openbox                 openbox
cmd:xdotool                 xdotool
cmd:import                  imagemagick
cmd:dbus-daemon             dbus-daemon
"
picture_needs="
file:/usr/share/fonts/opentype/noto fonts-noto-cjk
file:/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf fonts-noto-color-emoji
"

is_present() {  # is_present lib:NAME | cmd:NAME | file:PATH
    case $1 in
        lib:*) case $libraries in *"${1#lib:} "*) ;; *) return 1 ;; esac ;;
        cmd:*) command -v "${1#cmd:}" >/dev/null ;;
        file:*) [ -e "${1#file:}" ] ;;
    esac
}

packages_missing() {  # packages_missing "LIST" : prints the packages whose sign is not there
    libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
    printf '%s\n' "$1" | while read -r sign package; do
        [ -z "$sign" ] || is_present "$sign" || printf '%s ' "$package"
    done
}

apt_install() {  # apt_install PACKAGE... : as root, announced in one line
    echo "Installing with apt-get: $*"
    log=$(mktemp)
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
        >"$log" 2>&1 </dev/null
    then
        tail -n 8 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install these packages; the lines above say why."
    fi
    rm -f "$log"
}

venv_package() {  # prints the package this Python lacks to make environments, if any
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        "$python" -c 'import sys; print("python%d.%d-venv " % sys.version_info[:2], end="")'
}

bring_system_packages() {  # bring_system_packages PURPOSE : sets still_missing to what could not be brought
    still_missing=
    [ "$(uname -s)" = Linux ] || return 0
    case $1 in
        run) list=$qt_needs$window_needs ;;
        tour) list=$qt_needs$picture_needs ;;
        test) list=$qt_needs$window_needs$test_needs ;;
        *) list= ;;
    esac
    venv=$(venv_package)
    missing=$venv$(packages_missing "$list")
    [ -n "$missing" ] || return 0

    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        # shellcheck disable=SC2086  # a list of words
        apt_install $missing
        return 0
    fi
    still_missing=$missing
    echo "Some system packages are missing. On Debian or Ubuntu, this line brings them:"
    echo "    sudo apt-get install --no-install-recommends $missing"
    [ -z "$venv" ] || fail "Without ${venv% } no environment can be made. Run the line above, then the same command again."
}
