#!/bin/sh
# Starts Deimap; it opens in the browser at http://127.0.0.1:8501
cd "$(dirname "$0")" && exec .venv/bin/deimap app "$@"
