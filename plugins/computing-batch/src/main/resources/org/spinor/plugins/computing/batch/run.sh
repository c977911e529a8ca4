#!/bin/sh
# Runs one pilot on a node:
#   run.sh AREA BATCH TASK JOB   in its folder, on a file system that the submission host shares
#   run.sh alone                 here, where the batch system has brought its files
# POSIX sh. What a pilot leaves behind: started (there is only one), run (the job that runs it), host, exit (code, and
# the signal that ended it, if one did).
umask 077

# the process for ever: numbers are given again, but not with the same start
self() {
  if [ -r /proc/$$/stat ]; then
    read -r line </proc/$$/stat
    # The name of the program stands in parentheses and may hold anything; the start is the 20th word after it.
    # shellcheck disable=SC2086
    set -- ${line##*) }
    printf '%s.%sb%.8s\n' "$$" "${20}" "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
  else
    printf '%s.%s\n' "$$" "$(ps -o lstart= -p $$ | tr -cd 'A-Za-z0-9')"
  fi
}

# runs pilot.sh of this folder; out and err are where its outputs go, nothing: ours
pilot() {
  signal=
  again=
  code=127
  if [ -n "$1" ]; then
    sh ./pilot.sh >"$1" 2>"$2" </dev/null &
  else
    sh ./pilot.sh </dev/null &
  fi
  child=$!
  trap 'signal=TERM again=1; kill -TERM "$child" 2>/dev/null' TERM
  trap 'signal=INT again=1; kill -TERM "$child" 2>/dev/null' INT
  trap 'signal=XCPU again=1; kill -TERM "$child" 2>/dev/null' XCPU
  trap 'signal=USR2 again=1; kill -TERM "$child" 2>/dev/null' USR2
  while :; do
    again=
    wait "$child"
    last=$?
    # A signal wakes us before the pilot has ended: wait again, unless it had ended already.
    [ "$last" -eq 127 ] || code=$last
    [ -n "$again" ] || break
  done
  # Whoever ended the pilot may have meant us as well, and its signal comes a moment later.
  if [ "$code" -gt 128 ] && [ -z "$signal" ]; then sleep 1; fi
}

if [ "$1" = alone ]; then
  chmod go-rwx ./* 2>/dev/null
  # shellcheck disable=SC1091
  . ./environment
  rm -f environment
  pilot '' ''
  exit "$code"
fi

area=$1 batch=$2 task=$3 job=$4
[ "$job" = self ] && job=$(self)

# What was written a moment ago on another host may show late.
tries=0
stamp=
while [ $tries -lt 30 ]; do
  stamp=$(sed -n "${task}p" "$batch/list" 2>/dev/null)
  [ -n "$stamp" ] && [ -d "$area/$stamp/work" ] && break
  tries=$((tries + 1))
  sleep 1
done
if [ -z "$stamp" ]; then
  echo "spinor: $batch/list is not here: does this node share the folder with the submission host?" >&2
  exit 97
fi
cd "$area/$stamp" || exit 98
if ! mkdir started 2>/dev/null; then
  echo "spinor: pilot $stamp was begun by job $(cat run 2>/dev/null) before" >&2
  exit 0
fi
printf '%s\n' "$job" >run
uname -n >host
if [ -e cancelled ]; then
  code=143 signal=TERM
else
  # shellcheck disable=SC1091
  . ./environment
  cd work || exit 98
  pilot ../stdout ../stderr
  cd ..
fi
printf '%s %s\n' "$code" "$signal" >exit.new && mv exit.new exit
exit "$code"
