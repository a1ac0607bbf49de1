#!/bin/sh
# Installs Deimap from this folder, with no network: sh install.sh
set -eu
cd "$(dirname "$0")"
for python in "${PYTHON:-}" python3.14 python3.13 python3.12 python3.11 python3; do
    [ -n "$python" ] || continue
    wheels=$("$python" -c 'import sys; print("cp%d%d" % sys.version_info[:2])' 2>/dev/null) || continue
    ls wheels/numpy-*-"$wheels"-*manylinux* >/dev/null 2>&1 || continue
    "$python" install.py --wheels wheels
    echo "Deimap is installed. Start it with: sh start.sh"
    exit 0
done
found=$(find wheels -name 'numpy-*manylinux*' | sed 's/.*-cp3\([0-9]*\)-cp.*/3.\1/' | sort -u | tr '\n' ' ')
if [ -z "$found" ]; then
    echo "This bundle holds no packages for Linux." >&2
else
    echo "This bundle needs Python $found(64 bit). Install it, or name it: PYTHON=/path/to/python3 sh install.sh" >&2
fi
exit 1
