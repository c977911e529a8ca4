#!/bin/sh
# Starts a Spinor pilot in the folder where this script and its files were put.
umask 077
here=$(pwd -P) || exit 1
# Whatever the pilot leaves behind stays here; what pilots of this account share is kept apart.
SPINOR_PILOT_SECRET_FILE=$here/pilot.secret
SPINOR_WORK_DIR=$here/pilot
: "${SPINOR_CACHE_DIR:=${TMPDIR:-/tmp}/spinor-pilot-$(id -u)}"
export SPINOR_PILOT_SECRET_FILE SPINOR_WORK_DIR SPINOR_CACHE_DIR
mkdir -p "$SPINOR_WORK_DIR" || exit 1
exec sh ./bootstrap.sh
