#!/bin/sh
# Runs one payload, and ends it when its pilot is gone.
#
#   guard.sh MARK GRACE GROUPS PIDFILE COMMAND [ARGUMENT...]
#
# MARK     unique text; every process of the payload has it as SPINOR_MARK in its environment
# GRACE    seconds between SIGTERM and SIGKILL
# GROUPS   folders of the control groups made for this payload, one in a line, or nothing
# PIDFILE  where the payload's process id is written
#
# Standard input is a pipe whose other end the pilot holds. When it closes, because the payload has
# ended or because the pilot was killed, a process beside the payload ends whatever is left of it.
# Exit code: the payload's own, 128 + n where signal n ended it.

mark=$1 grace=$2 groups=$3 pidfile=$4
newline='
'
shift 4
exec 3<&0 4>&2 </dev/null 2>/dev/null

# in_each_group COMMAND FILE: runs the command for a file of each group
in_each_group() {
  IFS=$newline
  for group in $groups; do "$1" "$group/$2"; done
  unset IFS
}

kill_group() {
  [ ! -e "$1" ] || echo 1 >"$1"
}

enter() {
  echo 0 >"$1"
}

remove_group() {
  rmdir "$1" || { sleep 1 && rmdir "$1"; }
}

# The payload's processes: by the mark, by the session it began, by its control group. One program
# reads them all: where hundreds of payloads end at once, a shell's loops would take the node's time.
members() {
  session=
  read -r session <"$pidfile"
  in_each_group cat cgroup.procs
  cd /proc || return
  # in stat, after the name in brackets: state, parent, group, session
  LC_ALL=C grep -l -e "SPINOR_MARK=$mark" -e "^[0-9]* (.*) [^Z] [0-9]* [0-9]* ${session:-none} " [0-9]*/environ [0-9]*/stat |
    while IFS=/ read -r pid _; do
      echo "$pid"
    done
}

end_all() {
  pids=$(members)
  [ -z "$pids" ] || kill -TERM $pids
  while [ -n "$pids" ] && [ "$grace" -gt 0 ]; do
    sleep 1
    grace=$((grace - 1))
    pids=$(members)
  done
  tries=0
  while [ -n "$pids" ] && [ $tries -lt 100 ]; do
    in_each_group kill_group cgroup.kill
    kill -KILL $pids
    tries=$((tries + 1))
    pids=$(members)
    [ -z "$pids" ] || sleep 1
  done
  in_each_group remove_group ''
}

# Podman keeps a container for ever whose watcher was ended with it, and fails at first to remove it. Its name is that of our file.
remove_container() {
  tries=0
  until podman rm --force --time=0 --ignore "spinor$(printf %s "$pidfile" | tr -c 'A-Za-z0-9' -)" >/dev/null || [ $tries -ge 5 ]; do
    tries=$((tries + 1))
    sleep 1
  done
}

(
  trap '' HUP INT QUIT TERM
  exec >/dev/null 4>&-
  while read -r _ <&3; do :; done
  end_all
) &

exec 3<&-
# A handler, not "ignore": the payload would inherit that.
trap : HUP INT QUIT TERM
start=
# A pilot started in the background by a shell ignores SIGINT, and its children with it.
if env --default-signal true; then start="env --default-signal"; fi
if command -v setsid >/dev/null; then start="$start setsid"; fi
(
  ulimit -c 0
  # By this shell itself and none of a pipe: the process that writes is the one that is moved.
  in_each_group enter cgroup.procs
  SPINOR_MARK=$mark
  export SPINOR_MARK
  exec $start sh -c 'echo "$$" >"$0" && exec "$@"' "$pidfile" "$@" 2>&4 4>&-
)
code=$?
[ "$1" != podman ] || [ $code -eq 0 ] || remove_container
# CPU time of the shell, then of all that it waited for; and what the control groups counted.
times >"$pidfile.times"
for file in cpu.stat cpuacct.usage; do in_each_group cat "$file"; done >"$pidfile.cpu"
for file in memory.peak memory.max_usage_in_bytes; do in_each_group cat "$file"; done >"$pidfile.peak"
exit $code
