#!/bin/sh
# Installs Debian packages that the integration tests run: install.sh PACKAGE...
# Ends with 0 when they are there, with a word why not otherwise. Starts no services: the tests start their own daemons.
# One at a time: suites run side by side.
if command -v flock >/dev/null; then
  exec 9>>"${TMPDIR:-/tmp}/spinor-install-$(id -u).lock"
  flock 9
fi
missing=
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
as=
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null || { echo "not installed, and no rights to install:$missing"; exit 1; }
  as='sudo -n'
fi
command -v apt-get >/dev/null || { echo "not installed, and this is no Debian:$missing"; exit 1; }
# In this run level, packages leave their services alone.
export RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086
if ! { $as apt-get update && $as env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null 9>&-; then
  echo "cannot install$missing: $(tail -n 3 "$log" | tr '\n' ' ')"
  rm -f "$log"
  exit 1
fi
rm -f "$log"
