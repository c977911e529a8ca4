# What PBS Pro and Torque have in common, which come from one PBS. Needs: server, its name.

# qsub: submit OPTION VARIABLE MARK ARGUMENTS   the option of arrays, the variable with a task's index, what stands for the index in the name of an
# output file (nothing: Torque, which adds -INDEX to it)
submit() {
  array=$1 variable=$2 mark=$3
  for script in "$@"; do :; done
  if ! [ -r "$script" ]; then
    echo "qsub: script file '$script' cannot be loaded - No such file or directory" >&2
    exit 1
  fi
  number
  name=$(directive '#PBS' -N "$script")
  output=$(directive '#PBS' -o "$script")
  last=$(directive '#PBS' "$array" "$script" | sed 's/^1-//')
  mkdir -p "$db/scripts"
  cp "$script" "$db/scripts/$number"
  if [ -z "$last" ]; then
    start "$number.$server" "$output"
    echo "$number.$server"
    return
  fi
  index=1
  while [ "$index" -le "$last" ]; do
    case $mark in
      '') file=$output-$index ;;
      *) file=${output%"$mark"}$index ;;
    esac
    start "$number[$index].$server" "$file" "$variable=$index"
    index=$((index + 1))
  done
  echo "$number[].$server"
}

# start ID OUTPUT VARIABLE=VALUE...
start() {
  id=$1 file=$2
  shift 2
  begin "$id" "$name" / "$file" "$file" env PBS_ENVIRONMENT=PBS_BATCH PBS_JOBID="$id" PBS_JOBNAME="$name" "$@" sh "$db/scripts/$number"
}

# 256 and the signal for those that a signal ended
status() {
  code=$(code "$1")
  if was_told "$1" && [ "$code" -gt 128 ]; then code=$((code + 128)); fi
  echo "$code"
}

# the ids of the jobs of a name, arrays as a whole: named NAME [ALL]; without ALL those that have not ended
named() {
  for folder in "$db"/jobs/*; do
    [ "$(cat "$folder/name" 2>/dev/null)" = "$1" ] || continue
    if [ -n "${2:-}" ] || [ ! -e "$folder/exit" ]; then echo "${folder##*/}" | sed 's/\[[0-9]*]/[]/'; fi
  done | sort -u
}

queues() {
  cat <<END
Queue              Max   Tot Ena Str   Que   Run   Hld   Wat   Trn   Ext Type
---------------- ----- ----- --- --- ----- ----- ----- ----- ----- ----- ----
$(printf '%-16s     0 %5d yes yes     0 %5d     0     0     0     0 Exec' "${1:-batch}" "$(running)" "$(running)")
END
}
