# LSF: bsub, bjobs, bkill and bqueues. A job is NUMBER, the task of an array NUMBER[INDEX]. What a job wrote stands in its output file below a report.

not_found() {
  echo "Job <$1> is not found" >&2
  failed=255
}

# the words of bjobs -o 'jobid jobindex stat exit_code exec_host exit_reason pend_reason' with the delimiter |
line() {
  number=${1%%\[*} index=0
  case $1 in *\[*) index=${1#*\[} index=${index%]} ;; esac
  if ! has_ended "$1"; then
    echo "$number|$index|RUN|-|2*node1:2*node2|-|-"
  elif was_told "$1"; then
    echo "$number|$index|EXIT|143|node1|TERM_OWNER: job killed by owner|-"
  elif [ "$(code "$1")" -eq 0 ]; then
    echo "$number|$index|DONE|-|node1|-|-"
  else
    echo "$number|$index|EXIT|$(code "$1")|node1|-|-"
  fi
}

# start ID INDEX
start() {
  file=$(echo "$output" | sed "s/%I/$2/; s/%J/$number/")
  # shellcheck disable=SC2016
  begin "$1" "$name" / "$file" "$file" env LSB_JOBID="$number" LSB_JOBINDEX="$2" LSB_BATCH_JID="$1" sh -c '
    echo "Sender: LSF System <lsfadmin@node1>"
    echo "Subject: Job $LSB_BATCH_JID in cluster <test>"
    echo
    echo "The output (if any) follows:"
    echo
    exec sh "$0"
  ' "$db/scripts/$number"
}

case $program in
  bsub)
    mkdir -p "$db/scripts"
    number
    script=$db/scripts/$number
    cat >"$script"
    name=$(directive '#BSUB' -J "$script")
    output=$(directive '#BSUB' -o "$script")
    queue=$(directive '#BSUB' -q "$script")
    case $name in
      *\[1-*)
        last=${name#*-} last=${last%]} name=${name%\[*}
        index=1
        while [ "$index" -le "$last" ]; do
          start "$number[$index]" $index
          index=$((index + 1))
        done
        ;;
      *) start "$number" 0 ;;
    esac
    if [ -n "$queue" ]; then
      echo "Job <$number> is submitted to queue <$queue>."
    else
      echo "Job <$number> is submitted to default queue <normal>."
    fi
    ;;
  bjobs)
    name='' format=''
    while [ $# -gt 0 ]; do
      case $1 in
        -a | -noheader) ;;
        -o)
          format=$2
          shift
          ;;
        -J)
          name=$2
          shift
          ;;
        *) break ;;
      esac
      shift
    done
    if [ -n "$name" ]; then
      found=
      for folder in "$db"/jobs/*; do
        [ "$(cat "$folder/name" 2>/dev/null)" = "$name" ] || continue
        found=${folder##*/}
        echo "${found%%\[*}"
      done
      [ -n "$found" ] || not_found "$name"
      exit "${failed:-0}"
    fi
    [ "$format" = "jobid jobindex stat exit_code exec_host exit_reason pend_reason delimiter='|'" ] || exit 255
    for argument in "$@"; do
      known=
      for id in $(tasks "$argument"); do
        known=$id
        line "$id"
      done
      [ -n "$known" ] || not_found "$argument"
    done
    ;;
  bkill)
    for id in "$@"; do
      if ! exists "$id"; then
        echo "Job <$id>: No matching job found" >&2
        failed=255
      elif has_ended "$id"; then
        echo "Job <$id>: Job has already finished" >&2
        failed=255
      else
        terminate "$id"
        echo "Job <$id> is being terminated"
      fi
    done
    ;;
  bqueues)
    shift
    echo 'QUEUE_NAME      PRIO STATUS          MAX JL/U JL/P JL/H NJOBS  PEND   RUN  SUSP  RSV PJOBS'
    printf '%-15s  30  Open:Active       -    -    -    - %5d     0 %5d     0    0     0\n' "${1:-normal}" "$(running)" "$(running)"
    ;;
esac
exit "${failed:-0}"
