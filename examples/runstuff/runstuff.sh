#!/bin/sh
# Factorises the numbers of a file, split among the cores that the job was given.
#   runstuff.sh FILE CORES_WANTED
# The pilot says in SPINOR_CORES how many cores there are (DIRAC_JOB_PROCESSORS is the same number under its older name).
set -eu

file=$1
wanted=$2
cores=${SPINOR_CORES:-${DIRAC_JOB_PROCESSORS:-1}}
[ "$cores" -le "$wanted" ] || cores=$wanted

echo "job ${JOBID:-?} on $(hostname), $(uname -s) $(uname -m): wanted $wanted cores, uses $cores"
mkdir -p parts

part=0
pids=
while [ "$part" -lt "$cores" ]; do
  awk -v part="$part" -v parts="$cores" '
    NR % parts == part {
      n = $1; line = n " ="
      for (f = 2; f * f <= n; f++) while (n % f == 0) { line = line " " f; n /= f }
      print (n > 1) ? line " " n : line
    }' "$file" >"parts/part-$part.txt" &
  pids="$pids $!"
  part=$((part + 1))
done
for pid in $pids; do wait "$pid"; done

cat parts/part-*.txt | sort -n >factors.txt
echo "factorised $(wc -l <factors.txt | tr -d ' ') numbers; the last: $(tail -n 1 factors.txt)"
