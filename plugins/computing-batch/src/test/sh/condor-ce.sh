#!/bin/sh
# An HTCondor-CE with no pool behind it, as the manual pages of the HTCondor tools have it: condor-ce.sh FOLDER PROGRAM ARGUMENTS
# Files are spooled: the jobs never see the submission host's folders, and what they write comes back by condor_transfer_data
# alone. Jobs that have ended stay in the queue until they are removed. Everything needs a token in a file of its own.
db=$1 program=$2
shift 2
mkdir -p "$db/jobs"

file=${BEARER_TOKEN_FILE:-/none}
case $(ls -l "$file" 2>/dev/null) in
  -rw-------*) ;;
  *)
    echo 'AUTHENTICATE:1003:Failed to authenticate with any method' >&2
    exit 1
    ;;
esac
echo "$program $(cat "$file") $file $*" >>"$db/calls"

value() { sed -n "s/^$1 = //p" "$2" | head -n 1; }

ad() { # id, status, further lines
  printf 'ClusterId = %s\n%sJobStatus = %s\nProcId = %s\n\n' "${1%.*}" "$3" "$2" "${1#*.}"
}

meant() {
  for folder in "$db/jobs/$1" "$db/jobs/$1".*; do
    [ -d "$folder" ] && echo "${folder##*/}"
  done
}

# ends a job
terminate() {
  # As often as it takes: the job may be just beginning, and have no process or no group yet. But the test may be over.
  while [ -d "$db/jobs/$1" ] && [ ! -e "$db/jobs/$1/exit" ]; do
    kill -TERM "-$(cat "$db/jobs/$1/pid" 2>/dev/null)" 2>/dev/null
    sleep 0.1
  done </dev/null >/dev/null 2>&1 &
}

# where it is: all commands but condor_submit are told by -name
if [ "$program" = condor_submit ]; then
  [ "$1 $2 $3 $4 $5" = '-terse -remote ce.test -pool ce.test:9619' ] || exit 1
  shift 5
else
  if [ "$1 $2 $3 $4" != '-name ce.test -pool ce.test:9619' ]; then
    echo "Error: Collector has no record of schedd" >&2
    exit 1
  fi
  shift 4
fi

ended() { # the ad of an ended job
  if [ -e "$db/jobs/$1/removed" ]; then
    ad "$1" 3 'RemoveReason = "via condor_rm (by user pilot)"
'
  else
    ad "$1" 4 "ExitBySignal = false
ExitCode = $(cat "$db/jobs/$1/exit")
"
  fi
}

case $program in
  condor_submit)
    file=$1
    while ! mkdir "$db/lock" 2>/dev/null; do sleep 0.05; done
    cluster=$(($(cat "$db/last" 2>/dev/null || echo 0) + 1))
    echo "$cluster" >"$db/last"
    rmdir "$db/lock"
    process=0
    list=$(sed -n 's/^queue stamp, files from //p' "$file")
    sed -n 's/^+SpinorBatch = "\(.*\)"/\1/p' "$file" >"$db/name.$cluster"
    while read -r stamp files; do
      job=$db/jobs/$cluster.$process
      initial=$(value initialdir "$file" | sed "s/\$(stamp)/$stamp/")
      mkdir -p "$job/spool"
      echo "$initial" >"$job/initial"
      for name in $(echo "$files" | tr ',' ' '); do
        cp -p "$initial/$name" "$job/spool/" || exit 1
      done
      cp "$(value executable "$file")" "$job/spool/condor_exec.exe"
      # shellcheck disable=SC2016
      setsid sh -c '
        cd "$1/spool" || exit 1
        # A group of its own: what ends the job does not end what is written down of it.
        setsid sh ./condor_exec.exe alone >stdout 2>stderr </dev/null &
        echo $! >"$1/pid.new" && mv "$1/pid.new" "$1/pid"
        wait $!
        code=$?
        echo "005 (1.0.0) Job terminated." >log
        echo "$code" >"$1/exit.new" && mv "$1/exit.new" "$1/exit"
      ' sh "$job" </dev/null >/dev/null 2>&1 &
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
            if [ ! -e "$db/jobs/$id/exit" ]; then
              ad "$id" 2 ''
            elif [ ! -e "$db/jobs/$id/removed" ]; then
              ended "$id"
            fi
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
        if [ -e "$db/jobs/$id/exit" ] && [ -e "$db/jobs/$id/removed" ]; then ended "$id"; fi
      done
    done
    ;;
  condor_transfer_data)
    if [ ! -e "$db/jobs/$1/exit" ] || [ -e "$db/jobs/$1/removed" ]; then
      echo "ERROR: Failed to spool job files. Job $1 not found" >&2
      exit 1
    fi
    for name in stdout stderr log; do cp "$db/jobs/$1/spool/$name" "$(cat "$db/jobs/$1/initial")/"; done
    ;;
  condor_rm)
    for id in "$@"; do
      if [ ! -d "$db/jobs/$id" ] || [ -e "$db/jobs/$id/removed" ]; then
        echo "Job $id not found" >&2
        code=1
      else
        : >"$db/jobs/$id/removed"
        terminate "$id"
        echo "Job $id marked for removal"
      fi
    done
    exit "${code:-0}"
    ;;
esac
