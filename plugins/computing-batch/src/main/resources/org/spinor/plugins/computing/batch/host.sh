#!/bin/sh
# A host without a batch system, as if it had one. Ids are NUMBER.START, so that a number that is given again is no pilot.
#   host.sh submit BATCH COUNT   starts the batch's pilots; says "started TASK ID" for each
#   host.sh status | cancel      reads ids; status says "ID running" or "ID gone"
#   host.sh queue                says "running N": pilots of this account
umask 077

identity() {
  if [ -r "/proc/$1/stat" ]; then
    read -r line <"/proc/$1/stat" || return 1
    # shellcheck disable=SC2086
    set -- "$1" ${line##*) }
    case $2 in Z | X) return 1 ;; esac
    printf '%s.%sb%.8s\n' "$1" "${21}" "$boot"
  elif [ -d /proc/self ]; then
    return 1
  else
    start=$(ps -o lstart= -p "$1" | tr -cd 'A-Za-z0-9')
    [ -n "$start" ] && printf '%s.%s\n' "$1" "$start"
  fi
}
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)

alive() { [ "$(identity "${1%%.*}" 2>/dev/null)" = "$1" ]; }

case $1 in
  submit)
    cd "$2" || exit 1
    command -v setsid >/dev/null || { echo "setsid: command not found" >&2; exit 127; }
    task=1
    while [ "$task" -le "$3" ]; do
      SPINOR_TASK=$task setsid sh ./job </dev/null >"out.$task" 2>&1 &
      echo "started $task $(identity $! 2>/dev/null || echo "$!.gone")"
      task=$((task + 1))
    done
    ;;
  status)
    while read -r id; do
      if alive "$id"; then echo "$id running"; else echo "$id gone"; fi
    done
    ;;
  cancel)
    while read -r id; do
      alive "$id" || continue
      pid=${id%%.*}
      kill -TERM "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null
      # Whoever does not listen is killed later, whether or not anybody is still here to see it.
      setsid sh -c 'sleep 10; kill -KILL "-$1" 2>/dev/null' sh "$pid" </dev/null >/dev/null 2>&1 &
    done
    ;;
  queue)
    count=0
    for folder in "${0%/*}"/../*/; do
      [ -e "$folder/job" ] && [ ! -e "$folder/exit" ] || continue
      # What the pilot says itself counts; it says so a moment after it was begun.
      { read -r id <"$folder/run" || read -r id <"$folder/job"; } 2>/dev/null
      alive "$id" && count=$((count + 1))
    done
    echo "running $count"
    ;;
  *) exit 2 ;;
esac
