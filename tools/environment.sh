#!/usr/bin/env bash
# Makes .venv with kawari (editable) and the extras named as arguments, versions held by constraints.txt.
# uv does it where it is found; otherwise python3 -m venv and pip.
set -euo pipefail
cd "$(dirname "$0")/.."
extras="${1:?the extras to install, comma separated}"

python=""
for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python="$candidate"
        break
    fi
done
if [ -z "$python" ]; then
    echo "kawari needs Python 3.11 or newer; none was found on the PATH." >&2
    exit 1
fi

if command -v uv >/dev/null; then
    [ -x .venv/bin/python ] || uv venv --quiet --python "$python" .venv
    exec uv pip install --quiet --python .venv/bin/python --constraint constraints.txt --editable ".[$extras]"
fi

make_venv() { "$python" -m venv .venv >/dev/null 2>&1; }
if ! { [ -x .venv/bin/pip ] || make_venv; }; then
    rm -rf .venv
    # Debian keeps ensurepip in a package of its own.
    . tools/apt.sh
    apt_install python3-venv || true
    if ! make_venv; then
        echo "Python's venv module is incomplete here: install the package python3-venv, then run make again." >&2
        exit 1
    fi
fi
exec .venv/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[$extras]"
