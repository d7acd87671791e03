#!/bin/sh
# Writes deploy/locks/*.txt again from pyproject.toml (needs uv). Review the difference before committing it.
set -eu
cd "$(dirname "$0")/.."
compile() {
    out=$1; shift
    uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --extra embedded "$@" -o "$out"
}
compile deploy/locks/runtime.txt --group setup
compile deploy/locks/dev.txt --group setup --group dev -c deploy/locks/runtime.txt
