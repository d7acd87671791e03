#!/bin/sh
# System tools that the tests use. Where packages may be installed (root, apt-get, not PACAI_NO_INSTALL=1) the missing
# ones are installed; otherwise the tests that need them skip and say so.
set -u
missing=""
want() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
want chromium chromium
want ssh-keygen openssh-client
want sqlite3 sqlite3
want curl curl
want unshare util-linux
want Xvfb xvfb
want xauth xauth
want unzip unzip
[ -n "$(ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf 2>/dev/null)" ] || missing="$missing fonts-dejavu-core"
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && [ "${PACAI_NO_INSTALL:-0}" != 1 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing for the tests:$missing"
    log=$(mktemp)
    {
        apt-get -o DPkg::Lock::Timeout=120 update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends $missing
    } >"$log" 2>&1 || { echo "not installed (the tests that need them will skip):$missing"; tail -3 "$log"; }
    rm -f "$log"
elif [ -n "$missing" ]; then
    echo "missing (the tests that need them will skip):$missing"
fi
if [ "${PACAI_NO_INSTALL:-0}" != 1 ]; then
    sh "$(dirname "$0")/godot/fetch.sh" || true
fi
