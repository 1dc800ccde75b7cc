#!/bin/sh
# Finds a Python to start with and hands over to tools/__main__.py.
# A command that exists need not run (version managers leave stubs behind), so each one is tried.
set -u
cd "$(dirname "$0")/.." || exit 1
unset PYTHONPATH PYTHONHOME PYTHONSAFEPATH
PYTHONNOUSERSITE=1
export PYTHONNOUSERSITE

fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, int(sys.argv[1])))'

# The pinned packages come ready-made for Python 3.11 to 3.14; a newer one is the last resort.
for newest in 14 99; do
    for name in .venv/bin/python python3.13 python3.12 python3.11 python3.14 python3 python; do
        if "$name" -c "import ensurepip, venv; $fits" "$newest" </dev/null >/dev/null 2>&1; then
            exec "$name" -m tools "$@"
        fi
    done
done

for name in python3.13 python3.12 python3.11 python3.14 python3 python; do
    if "$name" -c "$fits" 99 </dev/null >/dev/null 2>&1; then
        echo "$name has no working venv module: install it (Debian and Ubuntu: apt install python3-venv)," \
            "then run the same command again." >&2
        exit 1
    fi
done
echo "No Python 3.11 or newer was found: install one (for example 3.13), then run the same command again." >&2
exit 1
