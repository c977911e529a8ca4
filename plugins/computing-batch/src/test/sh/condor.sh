#!/bin/sh
# The commands of an HTCondor pool with no pool behind them, as their manual pages have it: condor.sh FOLDER PROGRAM ARGUMENTS
# Jobs run at once, in a scratch folder with copies of their input files.
db=$1 program=$2
shift 2
mkdir -p "$db/jobs"

value() { sed -n "s/^$1 = //p" "$2" | head -n 1; }

ad() { # id, status, further lines
  printf 'ClusterId = %s\n%sJobStatus = %s\nProcId = %s\n\n' "${1%.*}" "$3" "$2" "${1#*.}"
}

# ids of the jobs meant by an argument, which is a job or a cluster
meant() {
  for folder in "$db/jobs/$1" "$db/jobs/$1".*; do
    [ -d "$folder" ] && echo "${folder##*/}"
  done
}

case $program in
  condor_submit)
    [ "$1" = -terse ] || exit 1
    file=$2
    while ! mkdir "$db/lock" 2>/dev/null; do sleep 0.05; done
    cluster=$(($(cat "$db/last" 2>/dev/null || echo 0) + 1))
    echo "$cluster" >"$db/last"
    rmdir "$db/lock"
    process=0
    list=$(sed -n 's/^queue stamp from //p' "$file")
    sed -n 's/^+SpinorBatch = "\(.*\)"/\1/p' "$file" >"$db/name.$cluster"
    while read -r stamp; do
      job=$db/jobs/$cluster.$process
      initial=$(value initialdir "$file" | sed "s/\$(stamp)/$stamp/")
      mkdir -p "$job/scratch"
      cp -pR "$initial/work/." "$job/scratch/"
      cp -p "$initial/environment" "$job/scratch/"
      cp "$(value executable "$file")" "$job/scratch/condor_exec.exe"
      # shellcheck disable=SC2016
      setsid sh -c '
        cd "$1/scratch" || exit 1
        # A group of its own: what ends the job does not end what is written down of it.
        setsid sh ./condor_exec.exe alone >"$1/out" 2>"$1/err" </dev/null &
        echo $! >"$1/pid.new" && mv "$1/pid.new" "$1/pid"
        wait $!
        code=$?
        cp "$1/out" "$2/stdout"
        cp "$1/err" "$2/stderr"
        echo "$code" >"$1/exit.new" && mv "$1/exit.new" "$1/exit"
      ' sh "$job" "$initial" </dev/null >/dev/null 2>&1 &
      process=$((process + 1))
    done <"$list"
    echo "$cluster.0 - $cluster.$((process - 1))"
    ;;
  condor_q)
    case "$*" in
      *-totals*)
        running=0
        for folder in "$db"/jobs/*; do
          [ -d "$folder" ] && [ ! -e "$folder/exit" ] && running=$((running + 1))
        done
        echo "Total for all users: $running jobs; 0 completed, 0 removed, 0 idle, $running running, 0 held, 0 suspended"
        ;;
      *-constraint*)
        name=$(echo "$*" | sed 's/.*SpinorBatch == "\([^"]*\)".*/\1/')
        for file in "$db"/name.*; do
          [ "$(cat "$file")" = "$name" ] && echo "${file##*.}"
        done
        ;;
      *)
        shift 3
        for cluster in "$@"; do
          for id in $(meant "$cluster"); do
            [ -e "$db/jobs/$id/exit" ] || ad "$id" 2 ''
          done
        done
        ;;
    esac
    exit 0
    ;;
  condor_history)
    shift 5
    for argument in "$@"; do
      for id in $(meant "$argument"); do
        [ -e "$db/jobs/$id/exit" ] || continue
        if [ -e "$db/jobs/$id/removed" ]; then
          ad "$id" 3 ''
        else
          ad "$id" 4 "ExitBySignal = false
ExitCode = $(cat "$db/jobs/$id/exit")
"
        fi
      done
    done
    ;;
  condor_rm)
    for id in "$@"; do
      if [ ! -d "$db/jobs/$id" ] || [ -e "$db/jobs/$id/exit" ]; then
        echo "Job $id not found" >&2
        code=1
      else
        : >"$db/jobs/$id/removed"
        # As often as it takes: the job may be just beginning, and have no process or no group yet.
        while [ ! -e "$db/jobs/$id/exit" ]; do
          kill -TERM "-$(cat "$db/jobs/$id/pid" 2>/dev/null)" 2>/dev/null
          sleep 0.1
        done </dev/null >/dev/null 2>&1 &
      fi
    done
    exit "${code:-0}"
    ;;
esac
