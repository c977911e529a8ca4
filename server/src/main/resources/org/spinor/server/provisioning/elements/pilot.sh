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
if [ "${SPINOR_PILOT_NODES:-1}" -gt 1 ]; then
  # an allocation of several nodes: a pilot on each, the first under the name that was given
  if command -v srun >/dev/null 2>&1; then
    # steps do not take over the cores of a task by themselves (Slurm 22.05 and later)
    SRUN_CPUS_PER_TASK=${SLURM_CPUS_PER_TASK:-}
    if [ -n "$SRUN_CPUS_PER_TASK" ]; then export SRUN_CPUS_PER_TASK; else unset SRUN_CPUS_PER_TASK; fi
    exec srun --nodes="$SPINOR_PILOT_NODES" --ntasks="$SPINOR_PILOT_NODES" --ntasks-per-node=1 --kill-on-bad-exit=0 --cpu-bind=none \
      sh -c 'SPINOR_PILOT_NODE=$SLURM_PROCID; export SPINOR_PILOT_NODE; exec sh ./bootstrap.sh'
  fi
  echo "spinor: $SPINOR_PILOT_NODES nodes were asked for, and there is no srun here: only this one is used" >&2
fi
exec sh ./bootstrap.sh
