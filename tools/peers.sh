#!/usr/bin/env bash
# What `make bench` measures kawari beside, from Debian's packages, where that needs no password. It leaves out what is missing.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/apt.sh
wanted=()
command -v mbsync >/dev/null || wanted+=(isync)
command -v notmuch >/dev/null || wanted+=(notmuch)
command -v mu >/dev/null || wanted+=(maildir-utils)
[ "${#wanted[@]}" -eq 0 ] && exit 0
echo "Installing to measure beside: ${wanted[*]}" >&2
apt_install "${wanted[@]}" || echo "Could not install ${wanted[*]}: measured without." >&2
exit 0
