#!/bin/sh
# Makes .venv from the hashed locks: uv where present, pip otherwise. Usage: deploy/setup.sh runtime|dev
# Idempotent: a second run with the same lock does nothing. Says in one line what is missing, and how to get it.
set -eu
cd "$(dirname "$0")/.."
lock="deploy/locks/$1.txt"
venv=.venv
stamp="$venv/.locked-$1"

fail() { printf 'pacai: %s\n' "$1" >&2; exit 3; }

find_python() {
    for name in ${PYTHON:-} python3.12 python3.11 python3.13 python3; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "Python 3.11, 3.12 or 3.13 is needed and was not found; on Debian 12: apt-get install python3 python3-venv"
}

digest() { cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1; }

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(digest)" ] && [ -x "$venv/bin/python" ]; then
    exit 0
fi

python=$(find_python)
if command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
    uv pip sync --quiet --python "$venv/bin/python" --require-hashes "$lock"
    uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --offline --editable .
else
    if [ ! -x "$venv/bin/python" ]; then
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
                echo "installing python3-venv"
                { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; } >/dev/null ||
                    fail "python3-venv could not be installed; run: apt-get install python3-venv"
            else
                fail "the venv module of $python is missing; run: apt-get install python3-venv (or install uv)"
            fi
        fi
        "$python" -m venv "$venv"
    fi
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
digest >"$stamp"
# The development lock holds everything of the runtime lock.
if [ "$1" = dev ]; then rm -f "$venv/.locked-runtime"; cat deploy/locks/runtime.txt pyproject.toml | sha256sum | cut -d' ' -f1 >"$venv/.locked-runtime"; fi
