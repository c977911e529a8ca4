# Torque: qsub, qselect, qstat and qdel. A job is NUMBER.server, the task of an array NUMBER[INDEX].server, the array NUMBER[].server.
# Jobs that have ended are kept in state C for a while (keep_completed).
server=torque.test

. "${0%/*}/qsub.sh"

record() {
  id=$1
  printf 'Job Id: %s\n    Job_Name = %s\n' "$id" "$(cat "$db/jobs/$id/name")"
  if has_ended "$id"; then
    printf '    job_state = C\n    queue = batch\n    exec_host = node/0\n    exit_status = %s\n' "$(status "$id")"
  else
    printf '    job_state = R\n    queue = batch\n    exec_host = node/0+node/1\n'
  fi
  printf '    Variable_List = PBS_O_QUEUE=batch,PBS_O_HOME=/home/pilot,PBS_O_LOGNAME=pilot,\n\tPBS_O_PATH=/usr/bin:/bin\n\n'
}

case $program in
  qsub) submit -t PBS_ARRAYID '' "$@" ;;
  qselect)
    [ "$1" = -N ] || exit 1
    named "$2" all
    ;;
  qstat)
    case $1 in
      -Q) queues "${2:-}" ;;
      -f)
        shift
        [ "$1" = -t ] && shift
        for id in "$@"; do
          if exists "$id"; then
            record "$id"
          else
            echo "qstat: Unknown Job Id Error $id" >&2
            failed=153
          fi
        done
        ;;
    esac
    ;;
  qdel)
    for id in "$@"; do
      if ! exists "$id"; then
        echo "qdel: Unknown Job Id Error $id" >&2
        failed=153
      elif has_ended "$id"; then
        echo "qdel: Request invalid for state of job MSG=invalid state for job - COMPLETE $id" >&2
        failed=170
      else
        terminate "$id"
      fi
    done
    ;;
esac
exit "${failed:-0}"
