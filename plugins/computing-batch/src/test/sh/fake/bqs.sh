# BQS of IN2P3: qsub, qjob and qdel. A job is known by the name that it was given; there are no arrays.
case $program in
  qsub)
    for script in "$@"; do :; done
    name=$(directive '#PBS' -N "$script")
    output=$(directive '#PBS' -o "$script")
    if exists "$name"; then
      echo "qsub: job $name exists already" >&2
      exit 1
    fi
    mkdir -p "$db/scripts"
    cp "$script" "$db/scripts/$name"
    begin "$name" "$name" / "$output" "$output" env QSUB_REQNAME="$name" sh "$db/scripts/$name"
    echo "Job $name submitted"
    ;;
  qjob)
    shift
    names=
    if [ "$1" = -j ]; then
      names=$(echo "$2" | tr , ' ')
    else
      for folder in "$db"/jobs/*; do [ -d "$folder" ] && names="$names ${folder##*/}"; done
    fi
    for name in $names; do
      if ! exists "$name"; then
        echo "qjob: unknown job $name" >&2
        failed=1
      elif ! has_ended "$name"; then
        echo "$name pilot G RUNNING node1"
      elif was_told "$name"; then
        echo "$name pilot G KILLED"
      else
        echo "$name pilot G ENDED"
      fi
    done
    ;;
  qdel)
    for name in "$@"; do
      if ! exists "$name"; then
        echo "qdel: unknown job $name" >&2
        failed=1
      elif has_ended "$name"; then
        echo "qdel: job $name already ended" >&2
        failed=1
      else
        terminate "$name"
      fi
    done
    ;;
esac
exit "${failed:-0}"
