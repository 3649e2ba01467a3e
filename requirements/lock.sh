#!/usr/bin/env bash
# Writes the hash-locked requirement files from the dependency groups of pyproject.toml.
# Run after a change there: make lock
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  "${UV:-uv}" pip compile pyproject.toml --quiet --python-version 3.11 --universal --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-strip-extras "$@"
}
compile --group dev --output-file requirements/dev.txt
compile --group shop --constraints requirements/dev.txt --output-file requirements/shop.txt
