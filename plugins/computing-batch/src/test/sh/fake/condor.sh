# HTCondor: condor_submit -terse, condor_q, condor_history and condor_rm. Jobs run in a scratch folder with copies of their input files.
# A job is CLUSTER.PROCESS.

value() { sed -n "s/^$1 = //p" "$2" | head -n 1; }

ad() { # id, status, further lines
  printf 'ClusterId = %s\n%sJobStatus = %s\nProcId = %s\n\n' "${1%.*}" "$3" "$2" "${1#*.}"
}

case $program in
  condor_submit)
    [ "$1" = -terse ] || exit 1
    file=$2
    number
    process=0
    list=$(sed -n 's/^queue stamp from //p' "$file")
    batch=$(sed -n 's/^+SpinorBatch = "\(.*\)"/\1/p' "$file")
    while read -r stamp; do
      initial=$(value initialdir "$file" | sed "s/\$(stamp)/$stamp/")
      scratch=$db/scratch/$number.$process
      mkdir -p "$scratch"
      cp -pR "$initial/work/." "$scratch/"
      cp -p "$initial/environment" "$scratch/"
      cp "$(value executable "$file")" "$scratch/condor_exec.exe"
      begin "$number.$process" "$batch" "$scratch" "$initial/stdout" "$initial/stderr" sh ./condor_exec.exe alone
      process=$((process + 1))
    done <"$list"
    echo "$number.0 - $number.$((process - 1))"
    ;;
  condor_q)
    case "$*" in
      *-totals*)
        running=$(running)
        echo "Total for all users: $running jobs; 0 completed, 0 removed, 0 idle, $running running, 0 held, 0 suspended"
        ;;
      *-constraint*)
        name=$(echo "$*" | sed 's/.*SpinorBatch == "\([^"]*\)".*/\1/')
        for file in "$db"/jobs/*.0/name; do
          [ "$(cat "$file")" = "$name" ] && file=${file%.0/name} && echo "${file##*/}"
        done
        ;;
      *)
        shift 3
        for cluster in "$@"; do
          for id in $(tasks "$cluster"); do
            has_ended "$id" || ad "$id" 2 ''
          done
        done
        ;;
    esac
    exit 0
    ;;
  condor_history)
    shift 5
    for argument in "$@"; do
      for id in $(tasks "$argument"); do
        has_ended "$id" || continue
        if was_told "$id"; then
          ad "$id" 3 ''
        else
          ad "$id" 4 "ExitBySignal = false
ExitCode = $(code "$id")
"
        fi
      done
    done
    ;;
  condor_rm)
    for id in "$@"; do
      if ! exists "$id" || has_ended "$id"; then
        echo "Job $id not found" >&2
        failed=1
      else
        terminate "$id"
      fi
    done
    exit "${failed:-0}"
    ;;
esac
