#!/usr/bin/env bash
# Writes the hash-locked requirement files from the dependency groups of pyproject.toml, and
# those of the projects that CI installs modeler into. Run after a change there: make lock
set -euo pipefail
cd "$(dirname "$0")/.."

compile() { # compile PYTHON ARGUMENTS…
  "${UV:-uv}" pip compile --quiet --python-version "$1" --universal --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-strip-extras "${@:2}"
}

compile 3.11 pyproject.toml --group dev --output-file requirements/dev.txt
compile 3.11 pyproject.toml --group shop --constraints requirements/dev.txt \
  --output-file requirements/shop.txt
compile 3.11 pyproject.toml --group django-42 --output-file requirements/django-42.txt
compile 3.13 pyproject.toml --group django-61 --output-file requirements/django-61.txt
for project in oscar wagtail pretix; do
  compile 3.11 "requirements/$project.in" --output-file "requirements/$project.txt"
done
compile 3.11 requirements/linters.in --output-file requirements/linters.txt
