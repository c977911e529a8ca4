#!/bin/sh
# The folders of pilots on a submission host. One for each stamp; whoever makes it submits the pilot.
#   area.sh VERB AREA [ARGUMENTS], lists on the standard input; the answer ends with "end"
# A pilot's folder: batch, task, environment, work/; job (what the batch system calls it), cancelled; and what run.sh
# writes: started, run, host, exit, stdout, stderr; lost, how it ended where only the batch system knew.
umask 077
verb=$1
cd "$2" || exit 1

first() { # variable, file: its first line
  eval "$1="
  # shellcheck disable=SC2229
  { read -r "$1" <"$2"; } 2>/dev/null
}

away() { # removes a folder: out of sight in one step
  mv "$1" ".trash/$1.$$" 2>/dev/null && rm -rf ".trash/$1.$$"
}

case $verb in
  # "STAMP BATCH" each; the argument: minutes after which a submission of which nothing was heard is looked into
  claim)
    while read -r stamp batch; do
      if mkdir "$stamp" 2>/dev/null; then
        echo "$batch" >"$stamp/batch"
        echo "new $stamp"
        continue
      fi
      first job "$stamp/job"
      first other "$stamp/batch"
      if [ ! -d "$stamp" ]; then
        echo "broken $stamp"
      elif [ -n "$job" ] || [ -e "$stamp/started" ]; then
        echo "old $stamp"
      elif [ -n "$(find "$stamp" -prune -mmin "+$3")" ]; then
        echo "stale $stamp $other"
      elif [ -n "$(find "$stamp" -prune -mmin -1)" ]; then
        echo "busy $stamp"
      else
        echo "unsure $stamp"
      fi
    done
    ;;
  # files of pilots and batches, from a tar
  unpack)
    tar -xof "$3" || exit 1
    rm -f "$3"
    ;;
  # "STAMP JOB" each
  record)
    while read -r stamp job; do
      [ -d "$stamp" ] && echo "$job" >"$stamp/job"
    done
    ;;
  # stamps of which nothing was submitted
  forget)
    while read -r stamp; do
      [ -e "$stamp/started" ] || away "$stamp"
    done
    ;;
  look)
    while read -r stamp; do
      [ -d "$stamp" ] || continue
      first job "$stamp/job"
      first run "$stamp/run"
      first code "$stamp/exit"
      first host "$stamp/host"
      first batch "$stamp/batch"
      first task "$stamp/task"
      started=
      [ -e "$stamp/started" ] && started=1
      cancelled=
      [ -e "$stamp/cancelled" ] && cancelled=1
      first lost "$stamp/lost"
      echo "pilot|$stamp|$batch|$task|$job|$run|$started|$cancelled|$code|$host|$lost"
    done
    ;;
  # "STAMP STATE CODE REASON" each: what was found out stays, whoever forgets it
  lost)
    while read -r stamp how; do
      [ -d "$stamp" ] && [ ! -e "$stamp/lost" ] && echo "$how" >"$stamp/lost"
    done
    ;;
  # "STAMP FILE" each; the argument: what to look for near the end of the files
  grep)
    while read -r stamp file; do
      words=$(tail -c 20000 "$file" 2>/dev/null | tr -cd '\012\040-\176' | grep -E -e "$3" | head -n 1 | cut -c 1-300)
      [ -z "$words" ] || echo "words|$stamp|$words"
    done
    ;;
  cancelled)
    while read -r stamp; do
      [ -d "$stamp" ] && : >"$stamp/cancelled"
    done
    ;;
  # stamps, or with a number of minutes: all that ended longer ago
  purge)
    if [ -n "$3" ]; then
      find .trash .incoming -mindepth 1 -maxdepth 1 -mmin +60 -exec rm -rf {} +
      stamps=$(find . -mindepth 2 -maxdepth 2 \( -name exit -o -name lost \) -mmin "+$3" | sed 's,^\./,,; s,/[a-z]*$,,' | sort -u)
    else
      stamps=$(cat)
    fi
    batches=
    for stamp in $stamps; do
      first batch "$stamp/batch"
      case " $batches " in *" $batch "*) ;; *) batches="$batches $batch" ;; esac
      away "$stamp"
    done
    # Batches that were refused as a whole have no pilots by which they could be found.
    [ -z "$3" ] || batches="$batches $(find .batches -mindepth 1 -maxdepth 1 -mmin +60 | sed 's,.*/,,')"
    for batch in $batches; do
      left=
      while read -r stamp; do
        [ -d "$stamp" ] && left=1
      done <".batches/$batch/list"
      [ -n "$left" ] || rm -rf ".batches/$batch"
    done 2>/dev/null
    ;;
  *) exit 2 ;;
esac
echo end
