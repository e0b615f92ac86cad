#!/usr/bin/env bash
# The servers and the browser that the tests talk to, from Debian's packages, where that needs no password. The tests that miss one say so.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/apt.sh
PATH="$PATH:/usr/sbin:/sbin"
wanted=()
command -v dovecot >/dev/null || wanted+=(dovecot-imapd)
command -v postfix >/dev/null || wanted+=(postfix)
command -v openssl >/dev/null || wanted+=(openssl)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || wanted+=(postgresql)
command -v chromium >/dev/null || wanted+=(chromium)
[ "${#wanted[@]}" -eq 0 ] && exit 0
echo "Installing for the tests: ${wanted[*]}" >&2
apt_install "${wanted[@]}" || echo "Could not install ${wanted[*]}: the tests that need them are skipped." >&2
exit 0
