#!/bin/sh
# Starts a Spinor pilot in the folder where this script and its files were put.
umask 077
here=$(pwd -P) || exit 1
# Payloads will run under this account: before the first one comes, nothing here holds the secret.
SPINOR_PILOT_SECRET=$(cat pilot.secret) || exit 1
rm -f pilot.secret
SPINOR_WORK_DIR=${SPINOR_WORK_DIR:-$here}
export SPINOR_PILOT_SECRET SPINOR_WORK_DIR
if [ -f ca.pem ]; then
  SPINOR_CA=$here/ca.pem
  export SPINOR_CA
fi
exec sh ./bootstrap.sh
