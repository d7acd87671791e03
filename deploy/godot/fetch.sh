#!/bin/sh
# Gets a real Godot 4 editor for the tests and prints the path of its wrapper, without touching the system.
#
#   deploy/godot/fetch.sh            # prints …/godot/godot
#   GODOT="$(deploy/godot/fetch.sh)" make test
#
# Debian 12 and 13 carry Godot 3 only; Debian sid carries Godot 4 and needs a newer C library than theirs.
# So: an apt root of our own whose one source is the mirror that this machine already uses, suite sid; the
# closure of the package is unpacked (never installed) and run through its own dynamic loader.
#
# Writes only below ${PACAI_TOOLS:-$HOME/.cache/pacai-tools}/godot. Idempotent. Needs no root.
# Exit status: 0 with the path on standard output; 1 with one line on standard error.
set -eu

tools="${PACAI_TOOLS:-${HOME:-/tmp}/.cache/pacai-tools}"
home="$tools/godot"
wrapper="$home/godot"
log="$tools/godot-fetch.log"
# The editor, and Mesa's software renderer with a font so that it can draw without a graphics card.
packages="godot libgl1 libglx-mesa0 libgl1-mesa-dri libegl1 libegl-mesa0 fonts-dejavu-core"

cannot() {
    echo "no Godot 4: $1" >&2
    exit 1
}

runs() {
    [ -x "$wrapper" ] && "$wrapper" --version 2>/dev/null | grep -q '^4\.'
}

# The URI of the machine's own Debian main archive (not security, updates or backports), from apt itself.
mirror() {
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk -F'|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" { print $4; exit }'
}

# The same from the source lists, for a machine where apt-get update has not run yet.
listed_mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
        awk '$1 == "URIs:" { print $2 } $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; break } }' |
        awk '/\/debian\/?$/ { print; exit }'
}

keyring() {
    for ring in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
        [ -r "$ring" ] && { echo "$ring"; return; }
    done
}

own_apt() {
    apt-get -q -y \
        -o Dir::State="$work/apt/state" -o Dir::State::Lists="$work/apt/lists" \
        -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt/cache" \
        -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
        -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
        -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o Acquire::Retries=1 -o Acquire::Languages=none "$@" >>"$log" 2>&1
}

fetch_closure() {
    mkdir -p "$work/apt/state" "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/root"
    : >"$work/apt/status"
    echo "deb [signed-by=$ring] $uri sid main" >"$work/apt/sources.list"
    own_apt update || cannot "apt cannot read suite sid of this machine's Debian mirror; see $log"
    # shellcheck disable=SC2086  # a list of words on purpose
    own_apt --download-only --no-install-recommends install $packages ||
        cannot "apt cannot download the package godot and what it needs; see $log"
}

unpack() {
    for deb in "$work"/apt/cache/archives/*.deb; do
        dpkg-deb -x "$deb" "$work/root" >>"$log" 2>&1 || cannot "dpkg-deb cannot unpack $deb; see $log"
    done
    rm -rf "$work/apt"
    [ -x "$work/root/usr/bin/godot" ] || cannot "the package holds no usr/bin/godot"
}

write_wrapper() {
    cat >"$work/godot" <<'WRAPPER'
#!/bin/sh
# Written by deploy/godot/fetch.sh: runs the unpacked Godot through its own dynamic loader.
root="$(dirname "$(readlink -f "$0")")/root"
for loader in "$root"/usr/lib/*/ld-linux*.so.*; do [ -x "$loader" ] && break; done
lib="$(dirname "$loader")"
export LIBGL_ALWAYS_SOFTWARE="${LIBGL_ALWAYS_SOFTWARE:-1}"
export LIBGL_DRIVERS_PATH="$lib/dri"
export __EGL_VENDOR_LIBRARY_DIRS="$root/usr/share/glvnd/egl_vendor.d"
exec "$loader" --library-path "$lib:$lib/pulseaudio" "$root/usr/bin/godot" "$@"
WRAPPER
    chmod 755 "$work/godot"
}

if runs; then
    echo "$wrapper"
    exit 0
fi
for tool in apt-get dpkg-deb awk; do
    command -v "$tool" >/dev/null 2>&1 || cannot "$tool is missing; get Godot 4.2 or later and name it in GODOT"
done
ring="$(keyring)"
[ -n "$ring" ] || cannot "the Debian archive keyring is missing; install debian-archive-keyring or name a Godot in GODOT"
uri="$(mirror)"
[ -n "$uri" ] || uri="$(listed_mirror)"
[ -n "$uri" ] || cannot "apt on this machine names no Debian mirror; get Godot 4.2 or later and name it in GODOT"

mkdir -p "$tools"
: >"$log"
work="$(mktemp -d "$tools/godot.XXXXXX")"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
fetch_closure
unpack
write_wrapper
chmod 755 "$work"
rm -rf "$home"
mv "$work" "$home"
runs || cannot "the unpacked Godot does not start; try: $wrapper --version"
echo "$wrapper"
