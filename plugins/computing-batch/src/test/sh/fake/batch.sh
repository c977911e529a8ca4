#!/bin/sh
# The commands of a batch system with no cluster behind them: batch.sh FOLDER SYSTEM PROGRAM ARGUMENTS
# What the commands read and say, after their manual pages, is in SYSTEM.sh beside this file. Here is what they have in common: jobs, which
# run at once as processes of this host. A job, or a task of an array, is a folder jobs/ID with its name, its pid, and, when it has ended, exit
# (its code); told when somebody told it to end.
db=$1 system=$2 program=$3
shift 3
mkdir -p "$db/jobs"

# the number of a new job
number() {
  until mkdir "$db/lock" 2>/dev/null; do sleep 0.05; done
  number=$(($(cat "$db/last" 2>/dev/null || echo 0) + 1))
  echo "$number" >"$db/last"
  rmdir "$db/lock"
}

# the value of an option in the directives of a script: directive PREFIX OPTION SCRIPT
directive() { sed -n "s/^$1 $2 //p" "$3" | tail -n 1; }

# the ids of all jobs and tasks of a number, in their order
tasks() {
  for folder in "$db/jobs/$1" "$db/jobs/$1"[.[]*; do
    [ -d "$folder" ] && echo "${folder##*/}"
  done | sort -t[ -k2n
}

exists() { [ -d "$db/jobs/$1" ]; }
has_ended() { [ -e "$db/jobs/$1/exit" ]; }
was_told() { [ -e "$db/jobs/$1/told" ]; }
code() { cat "$db/jobs/$1/exit"; }

# how many jobs run
running() {
  count=0
  for folder in "$db"/jobs/*; do
    [ -d "$folder" ] && [ ! -e "$folder/exit" ] && count=$((count + 1))
  done
  echo $count
}

# starts a job: begin ID NAME FOLDER OUT ERR COMMAND...   in this folder; what it wrote is brought to OUT and ERR when it has ended
begin() {
  job=$db/jobs/$1
  mkdir -p "$job"
  echo "$2" >"$job/name"
  shift 2
  # shellcheck disable=SC2016
  setsid sh -c '
    job=$1 out=$3 err=$4
    cd "$2" || exit 1
    shift 4
    # A group of its own: what ends the job does not end what is written down of it.
    setsid "$@" >"$job/out" 2>"$job/err" </dev/null &
    echo $! >"$job/pid.new" && mv "$job/pid.new" "$job/pid"
    wait $!
    code=$?
    if [ "$out" = "$err" ]; then
      cat "$job/out" "$job/err" >"$out"
    else
      cp "$job/out" "$out"
      cp "$job/err" "$err"
    fi
    echo "$code" >"$job/exit.new" && mv "$job/exit.new" "$job/exit"
  ' sh "$job" "$@" </dev/null >/dev/null 2>&1 &
}

# ends a job
terminate() {
  : >"$db/jobs/$1/told"
  # As often as it takes: the job may be just beginning, and have no process or no group yet. But the test may be over.
  while exists "$1" && ! has_ended "$1"; do
    kill -TERM "-$(cat "$db/jobs/$1/pid" 2>/dev/null)" 2>/dev/null
    sleep 0.1
  done </dev/null >/dev/null 2>&1 &
}

# shellcheck disable=SC1090
. "${0%/*}/$system.sh"
