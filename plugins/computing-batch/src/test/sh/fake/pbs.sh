# PBS Pro and OpenPBS: qsub, qselect, qstat and qdel. A job is NUMBER.server, the task of an array NUMBER[INDEX].server, the array NUMBER[].server.
# Jobs that have ended are known to those who ask with -x.
server=pbs.test

. "${0%/*}/qsub.sh"

# the lines of a job in qstat -f; long values go on in lines that begin with a tab
record() {
  id=$1
  printf 'Job Id: %s\n    Job_Name = %s\n' "$id" "$(cat "$db/jobs/$id/name")"
  if has_ended "$id"; then
    printf '    resources_used.walltime = 00:00:01\n    job_state = F\n'
  else
    printf '    job_state = R\n'
  fi
  printf '    queue = workq\n    exec_host = node-with-a-name-as-long-as-those-of-some-centres-are/0*\n\t1\n'
  if has_ended "$id"; then
    printf '    Exit_status = %s\n' "$(status "$id")"
  else
    printf '    comment = Job run at Fri Nov 27 at 06:00 on (node:ncpus=1)\n'
  fi
  printf '\n'
}

case $program in
  qsub) submit -J PBS_ARRAY_INDEX '^array_index^' "$@" ;;
  qselect)
    while [ $# -gt 0 ]; do
      case $1 in
        -x) history=1 ;;
        -N)
          name=$2
          shift
          ;;
      esac
      shift
    done
    named "$name" "${history:-}"
    ;;
  qstat)
    case $1 in
      -Q) queues "${2:-}" ;;
      -f)
        shift
        [ "$1" = -x ] && history=1 && shift
        for id in "$@"; do
          if ! exists "$id"; then
            echo "qstat: Unknown Job Id $id" >&2
            failed=153
          elif has_ended "$id" && [ -z "${history:-}" ]; then
            echo "qstat: $id Job has finished, use -x or -H to obtain historical job information" >&2
            failed=35
          else
            record "$id"
          fi
        done
        ;;
    esac
    ;;
  qdel)
    for id in "$@"; do
      if ! exists "$id"; then
        echo "qdel: Unknown Job Id $id" >&2
        failed=153
      elif has_ended "$id"; then
        echo "qdel: Job has finished $id" >&2
        failed=35
      else
        terminate "$id"
      fi
    done
    ;;
esac
exit "${failed:-0}"
