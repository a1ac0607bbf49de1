#!/bin/sh
# Installs an unpacked bundle, starts it and asks for its page: sh bundle/try.sh FOLDER
# Run it inside a namespace without network: unshare --net sh bundle/try.sh FOLDER
set -eu
cd "$1"
ip link set lo up 2>/dev/null || true
sh install.sh
sh start.sh --port 8599 &
app=$!
trap 'kill "$app" 2>/dev/null || true' EXIT
for _ in $(seq 120); do
    if .venv/bin/python -c "
from urllib.request import urlopen
assert urlopen('http://127.0.0.1:8599/', timeout=2).status == 200
assert urlopen('http://127.0.0.1:8599/app/static/leaflet/leaflet.js', timeout=2).status == 200
" 2>/dev/null; then
        echo "The page answers."
        exit 0
    fi
    kill -0 "$app" 2>/dev/null || break
    sleep 1
done
echo "The page did not answer." >&2
exit 1
