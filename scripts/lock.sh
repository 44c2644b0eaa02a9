#!/usr/bin/env bash
# Renew the lock files from pyproject.toml: exact versions with hashes, the same for every Python, and no address of any
# index.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PIP_FIND_LINKS UV_FIND_LINKS
compile=(.venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest
         --generate-hashes
         --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' -q)
"${compile[@]}" --extra build -o requirements.lock "$@"
"${compile[@]}" --extra build --extra dev --extra encoder -c requirements.lock -o requirements-dev.lock "$@"
"${compile[@]}" --extra build --extra encoder --extra encoder-e5 -c requirements-dev.lock \
    -o requirements-encoder.lock "$@"
"${compile[@]}" --extra fuzz -c requirements-dev.lock -o requirements-fuzz.lock "$@"
