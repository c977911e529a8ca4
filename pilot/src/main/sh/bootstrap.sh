#!/bin/sh
# Brings a pilot to this machine and becomes it. Needs sh, tar with gzip, and curl or wget.
#
#   sh bootstrap.sh [FILE]
#   sh bootstrap.sh run --server URL [OPTION...] [-- PILOT OPTION...]
#
# The second form makes this machine run pilots one after the other; "run --help" says more.
#
# FILE has lines NAME=value, taken as they are (no quotes, no shell); what it does not name comes
# from the environment:
#
#   SPINOR_SERVER               the server's address, as https://host:8000, or that of an edge;
#                               file:///folder: the spool of an edge, without any network     needed
#   SPINOR_PILOT_STAMP          the name under which the server knows this pilot              needed
#   SPINOR_PILOT_SECRET_FILE    a file with the pilot's secret, or
#   SPINOR_PILOT_SECRET         the secret itself (in FILE, which then is 0600)               needed
#   SPINOR_PILOT_OPTIONS        options for the pilot, separated by blanks
#   SPINOR_SITE, SPINOR_CE, SPINOR_QUEUE   where this is, for jobs
#   SPINOR_PILOT_NODE           number of this node in its allocation; from 1 on this is the pilot of
#                               a further node, at the place of the pilot with the stamp       [0]
#   SPINOR_WORK_DIR             where this pilot makes its own folder
#                               [the batch system's scratch folder, else TMPDIR, else here]
#   SPINOR_CACHE_DIR            where bundles are kept for other pilots on this machine
#                               [TMPDIR or /tmp, spinor-cache-UID below it]
#   SPINOR_BUNDLE               a bundle on this machine or a shared file system, unpacked; nothing
#                               is fetched then
#   SPINOR_CA                   file of CA certificates for the server, PEM
#   SPINOR_KEEP_WORK_DIR        not empty: the folder stays when the pilot is over
#
# Exit codes: the pilot's own; 1 it could not be brought here; 2 wrong use. SIGTERM ends it.

umask 077
bootstrap_log=''
work=''

log() {
  line="$(date -u +%Y-%m-%dT%H:%M:%SZ) $1  [bootstrap] $2"
  echo "$line" >&2
  if [ -n "$work" ]; then
    echo "$line" >>"$work/bootstrap.log"
  else
    bootstrap_log="$bootstrap_log$line
"
  fi
}

# One clear line, to the terminal and to the server if that can be had; then the end.
fail() {
  log ERROR "$2"
  tell_server "$2"
  exit "$1"
}

has() { command -v "$1" >/dev/null 2>&1; }

# --- what we are told ---------------------------------------------------------------------------

read_settings() {
  [ -r "$1" ] || fail 2 "the settings file $1 cannot be read"
  while IFS= read -r line || [ -n "$line" ]; do
    value=${line#*=}
    case $line in
      SPINOR_SERVER=*) SPINOR_SERVER=$value ;;
      SPINOR_PILOT_STAMP=*) SPINOR_PILOT_STAMP=$value ;;
      SPINOR_PILOT_SECRET_FILE=*) SPINOR_PILOT_SECRET_FILE=$value ;;
      SPINOR_PILOT_SECRET=*) SPINOR_PILOT_SECRET=$value ;;
      SPINOR_PILOT_OPTIONS=*) SPINOR_PILOT_OPTIONS=$value ;;
      SPINOR_PILOT_NODE=*) SPINOR_PILOT_NODE=$value ;;
      SPINOR_SITE=*) SPINOR_SITE=$value ;;
      SPINOR_CE=*) SPINOR_CE=$value ;;
      SPINOR_QUEUE=*) SPINOR_QUEUE=$value ;;
      SPINOR_WORK_DIR=*) SPINOR_WORK_DIR=$value ;;
      SPINOR_CACHE_DIR=*) SPINOR_CACHE_DIR=$value ;;
      SPINOR_BUNDLE=*) SPINOR_BUNDLE=$value ;;
      SPINOR_CA=*) SPINOR_CA=$value ;;
      SPINOR_KEEP_WORK_DIR=*) SPINOR_KEEP_WORK_DIR=$value ;;
      '' | '#'*) ;;
      *) fail 2 "the settings file $1 has a line that is not understood: ${line%%=*}" ;;
    esac
  done <"$1"
}

check_settings() {
  [ -n "${SPINOR_SERVER-}" ] || fail 2 "SPINOR_SERVER is not set"
  [ -n "${SPINOR_PILOT_STAMP-}" ] || fail 2 "SPINOR_PILOT_STAMP is not set"
  case $SPINOR_PILOT_STAMP in
    *[!A-Za-z0-9._-]*) fail 2 "SPINOR_PILOT_STAMP may have letters, digits, '.', '_' and '-' only" ;;
  esac
  case ${SPINOR_PILOT_NODE:=0} in
    *[!0-9]*) fail 2 "SPINOR_PILOT_NODE is a number, not $SPINOR_PILOT_NODE" ;;
  esac
  SPINOR_SERVER=${SPINOR_SERVER%/}
  spool=''
  case $SPINOR_SERVER in
    file://*)
      spool=${SPINOR_SERVER#file://}
      [ -d "$spool/requests" ] && [ -w "$spool/requests" ] ||
        fail 1 "$spool is no spool of an edge, or not shared with this node, or not this account's"
      client=b-$(printf %s "$host" | tr -c 'A-Za-z0-9_-' -)-$$-$(date +%s)
      ;;
  esac
  if [ -n "${SPINOR_PILOT_SECRET_FILE-}" ]; then
    case $SPINOR_PILOT_SECRET_FILE in
      /*) ;;
      *) SPINOR_PILOT_SECRET_FILE=$PWD/$SPINOR_PILOT_SECRET_FILE ;;
    esac
    [ -s "$SPINOR_PILOT_SECRET_FILE" ] && [ -r "$SPINOR_PILOT_SECRET_FILE" ] ||
      fail 2 "the secret file $SPINOR_PILOT_SECRET_FILE cannot be read"
  elif [ -z "${SPINOR_PILOT_SECRET-}" ]; then
    fail 2 "neither SPINOR_PILOT_SECRET_FILE nor SPINOR_PILOT_SECRET is set"
  fi
}

# --- folders ------------------------------------------------------------------------------------

host=$(uname -n)

# Folders that pilots killed on this machine have left.
clean_leftovers() {
  for old in "$1"/spinor-pilot-*; do
    [ -r "$old/owner" ] && read -r old_host old_pid <"$old/owner" || continue
    if [ "$old_host" = "$host" ] && ! kill -0 "$old_pid" 2>/dev/null && [ -O "$old/owner" ]; then
      log INFO "removing $old, left by a pilot that is gone"
      rm -rf "$old"
    fi
  done
}

make_work_dir() {
  base=${SPINOR_WORK_DIR:-${_CONDOR_SCRATCH_DIR:-${SLURM_TMPDIR:-${TMPDIR:-$PWD}}}}
  mkdir -p "$base" 2>/dev/null && cd "$base" 2>/dev/null || fail 1 "the work directory $base cannot be made or entered"
  base=$PWD
  clean_leftovers "$base"
  mkdir "$base/spinor-pilot-$SPINOR_PILOT_STAMP-$SPINOR_PILOT_NODE-$$" 2>/dev/null ||
    fail 1 "the work directory $base is not writable"
  work=$base/spinor-pilot-$SPINOR_PILOT_STAMP-$SPINOR_PILOT_NODE-$$
  echo "$host $$" >"$work/owner"
  printf %s "$bootstrap_log" >"$work/bootstrap.log"
  if [ -n "${SPINOR_PILOT_SECRET_FILE-}" ]; then
    cat "$SPINOR_PILOT_SECRET_FILE" >"$work/secret" || fail 1 "the secret cannot be copied"
  else
    printf '%s\n' "$SPINOR_PILOT_SECRET" >"$work/secret" || fail 1 "$work has no room"
  fi
  unset SPINOR_PILOT_SECRET
}

# --- fetching -----------------------------------------------------------------------------------

# ask METHOD PATH BODYFILE ANSWERFILE TYPE SECONDS: through the edge's spool. A request and its answer
# have a first line, lines of headers, an empty line, the body. Says why not in $why.
ask() {
  asked=$((${asked:-0} + 1))
  question=$spool/requests/$client.$asked
  answer=$spool/answers/$client/$asked
  mkdir -p "$spool/answers/$client" && {
    printf '%s %s\nContent-Type: %s\n' "$1" "$2" "$5"
    [ -z "${token-}" ] || printf 'Authorization: Bearer %s\n' "$token"
    echo
    cat "$3"
  } >"$spool/tmp/q-$client.$asked" && mv "$spool/tmp/q-$client.$asked" "$question" || {
    why="$spool is not writable"
    return 1
  }
  waited=0
  until [ -f "$answer" ]; do
    if [ $waited -ge "$6" ]; then
      rm -f "$question"
      why="no answer from the edge at $spool in $6 s"
      return 1
    fi
    sleep 1
    waited=$((waited + 1))
    ls "$spool/answers/$client" >/dev/null # network file systems look anew
  done
  rm -f "$question"
  read -r status <"$answer"
  sed '1,/^$/d' "$answer" >"$4"
  rm -f "$answer"
  case $status in
    2??) return 0 ;;
  esac
  why="the edge answers $status $(head -c 300 "$4" | tr '\n' ' ')"
  return 1
}

# The edge answers for the checksum of a bundle when it has that bundle in its folder.
fetch_from_spool() {
  case $1 in
    *.tar.gz) why=$(cp "$spool/bundles/$wanted.tar.gz" "$2" 2>&1) ;;
    *) ask GET "${1#"$SPINOR_SERVER"}" /dev/null "$2" text/plain 900 ;;
  esac
}

# fetch URL FILE; says why not in $why
fetch() {
  if [ -n "$spool" ]; then
    fetch_from_spool "$1" "$2" && return 0
  elif has curl; then
    why=$(curl -fsS -L --connect-timeout 15 --max-time 900 ${SPINOR_CA:+--cacert "$SPINOR_CA"} \
      -o "$2" "$1" 2>&1 >/dev/null) && return 0
  elif has wget; then
    why=$(wget -T 60 ${SPINOR_CA:+--ca-certificate="$SPINOR_CA"} -O "$2" "$1" 2>&1 >/dev/null) && return 0
    why=$(printf '%s' "$why" | tr '\n' ' ' | sed 's/.*\(ERROR\|failed\|error\|wget: \)/\1/')
  else
    fail 1 "neither curl nor wget is on this machine"
  fi
  rm -f "$2"
  return 1
}

# fetch_again URL FILE: eight times in two minutes, in which a server that was stopped is back;
# not again after an hour, where each time waits long for an edge
fetch_again() {
  pause=${SPINOR_RETRY_PAUSE:-2}
  begun=$(date +%s)
  for attempt in 1 2 3 4 5 6 7 8; do
    fetch "$1" "$2" && return 0
    [ "$attempt" -lt 8 ] && [ $(($(date +%s) - begun)) -lt 3600 ] || break
    log WARN "$1: $why; again in $pause s"
    sleep "$pause"
    pause=$((pause * 2))
    [ "$pause" -le 30 ] || pause=30
  done
  fail 1 "$1 cannot be fetched: $why"
}

sha256_of() {
  if has sha256sum; then sha256sum "$1" | cut -c1-64
  elif has shasum; then shasum -a 256 "$1" | cut -c1-64
  elif has openssl; then openssl dgst -sha256 "$1" | sed 's/.*= *//'
  elif has busybox; then busybox sha256sum "$1" | cut -c1-64
  else fail 1 "nothing here computes a SHA-256 checksum (sha256sum, shasum, openssl, busybox)"
  fi
}

# --- the bundle, shared by all pilots of this account on this machine -----------------------------

make_cache_dir() {
  cache=${SPINOR_CACHE_DIR:-${TMPDIR:-/tmp}/spinor-cache-$(id -u)}
  mkdir -p "$cache" 2>/dev/null
  if ! [ -O "$cache" ] || ! [ -w "$cache" ]; then
    # somebody else's folder of that name, or a read-only one: programs from there are not run
    log WARN "$cache is not this account's own; the bundle goes into the work directory"
    cache=$work/cache
    mkdir "$cache" || fail 1 "$work has no room"
  fi
}

# The lock is a folder; whoever made it is named in it. One whose owner is gone is taken over.
lock() {
  waited=0
  until mkdir "$1" 2>/dev/null; do
    [ -f "$2" ] && return 1
    lock_host='' lock_pid=''
    read -r lock_host lock_pid <"$1/owner" 2>/dev/null
    if [ "$lock_host" = "$host" ] && ! kill -0 "$lock_pid" 2>/dev/null || [ $waited -ge 900 ]; then
      log WARN "taking over the lock of a pilot that is gone"
      # of several that come here at once one moves it
      mv "$1" "$1-stale-$$" 2>/dev/null && rm -rf "$1-stale-$$"
      waited=0
    else
      [ $waited -gt 0 ] || log INFO "another pilot is fetching the bundle"
      sleep 1
      waited=$((waited + 1))
    fi
  done
  locked=$1
  echo "$host $$" >"$1/owner"
}

unlock() { [ -z "${locked-}" ] || { rm -rf "$locked"; locked=''; }; }

get_bundle() {
  platform=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
  url=$SPINOR_SERVER/pilot/bundles/$platform.tar.gz
  fetch_again "$url.sha256" "$work/bundle.sha256"
  read -r wanted _ <"$work/bundle.sha256"
  case $wanted in
    *[!0-9a-f]* | '') fail 1 "$url.sha256 is no checksum" ;;
  esac
  bundle=$cache/$wanted
  if [ ! -f "$bundle/complete" ] && lock "$cache/lock-$wanted" "$bundle/complete"; then
    [ -f "$bundle/complete" ] || unpack_bundle
    unlock
  fi
  touch "$bundle/complete" 2>/dev/null
  # versions that nobody has used for two weeks
  find "$cache" -type f -name complete -mtime +14 2>/dev/null | while read -r unused; do
    rm -rf "${unused%/complete}"
  done
  bundle=$bundle/spinor-pilot
}

unpack_bundle() {
  part=$cache/part-$$
  rm -rf "$part" "$bundle"
  mkdir "$part" || fail 1 "$cache is not writable"
  log INFO "fetching $url"
  fetch_again "$url" "$part/bundle.tar.gz"
  got=$(sha256_of "$part/bundle.tar.gz")
  if [ "$got" != "$wanted" ]; then
    fail 1 "the bundle from $url has the checksum $got instead of $wanted; it is not used"
  fi
  why=$(cd "$part" && gzip -dc bundle.tar.gz | tar xf - 2>&1) && rm "$part/bundle.tar.gz" ||
    fail 1 "the bundle cannot be unpacked in $cache: $why"
  why=$("$part/spinor-pilot/bin/spinor-pilot" --version 2>&1) ||
    fail 1 "the bundle does not run on this machine (mounted noexec? not glibc?): $why"
  log INFO "$why is in $cache"
  : >"$part/complete"
  mv "$part" "$bundle" || fail 1 "$cache is not writable"
}

# --- telling the server of a failure --------------------------------------------------------------

# call METHOD PATH BODYFILE [TYPE]: with the token in $token, if any; needs curl or GNU wget.
# The token stands in a file or a pipe, never on a command line.
call() {
  type=${4:-application/json}
  if [ -n "$spool" ]; then
    ask "$1" "$2" "$3" "$work/answer" "$type" 60 && cat "$work/answer"
  elif has curl; then
    { [ -z "$token" ] || printf 'header = "Authorization: Bearer %s"\n' "$token"; } |
      curl -fsS -K - --connect-timeout 5 --max-time 20 ${SPINOR_CA:+--cacert "$SPINOR_CA"} \
        -X "$1" -H "Content-Type: $type" --data-binary "@$3" "$SPINOR_SERVER$2" 2>/dev/null
  elif has wget && wget --version >/dev/null 2>&1; then
    { [ -z "$token" ] || echo "header = Authorization: Bearer $token"; } >"$work/wgetrc"
    WGETRC=$work/wgetrc wget -q -T 20 -t 1 ${SPINOR_CA:+--ca-certificate="$SPINOR_CA"} \
      --method="$1" --header="Content-Type: $type" --body-file="$3" -O - "$SPINOR_SERVER$2" 2>/dev/null
  fi
}

# The text as a JSON string, without the quotes around it.
json() { printf %s "$1" | tr '\n\t\r' '   ' | sed 's/\\/\\\\/g; s/"/\\"/g'; }

tell_server() {
  [ -n "$work" ] && [ -s "$work/secret" ] || return 0
  # the pilot with the stamp is well: it is on another node
  [ "$SPINOR_PILOT_NODE" -eq 0 ] || return 0
  token=''
  body=$work/body
  { printf '{"pilot_stamp":"%s","pilot_secret":"' "$SPINOR_PILOT_STAMP"
    json "$(cat "$work/secret")"
    printf '"}'; } >"$body"
  token=$(call POST /api/auth/secret-exchange "$body" | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')
  [ -n "$token" ] || return 0
  call POST "/api/pilots/$SPINOR_PILOT_STAMP/log?offset=0" "$work/bootstrap.log" "text/plain; charset=utf-8" >/dev/null
  { printf '{"%s":{"Status":"Failed","StatusReason":"' "$SPINOR_PILOT_STAMP"
    json "$(printf 'bootstrap: %s' "$1" | cut -c1-240)"
    printf '"}}'; } >"$body"
  call PATCH /api/pilots/metadata "$body" >/dev/null
}

# --- the end ----------------------------------------------------------------------------------------

leave() {
  code=$?
  trap '' EXIT HUP INT TERM
  unlock
  [ -z "${part-}" ] || rm -rf "$part"
  [ -z "$work" ] || rm -f "$work/secret" "$work/body" "$work/wgetrc" "$work/answer"
  [ -z "${spool-}" ] || rmdir "$spool/answers/$client" 2>/dev/null
  [ -z "$work" ] || [ -n "${SPINOR_KEEP_WORK_DIR-}" ] || rm -rf "$work"
  exit $code
}

# Removes the work directory when the pilot is over, however it ends: it holds the other end of a
# pipe. In a session of its own, so that what kills the pilot's process group leaves it alone.
start_cleaner() {
  [ -z "${SPINOR_KEEP_WORK_DIR-}" ] && mkfifo "$work/alive" 2>/dev/null || return 0
  session=''
  if has setsid; then session=setsid; fi
  exec 9<>"$work/alive" # for reading too: nobody has to wait for the other end
  # shellcheck disable=SC2016  # expanded by the shell that is started
  $session sh -c '
    trap "" HUP INT TERM
    cd /
    while read -r _; do :; done
    tries=0
    while [ -e "$0" ] && [ $tries -lt 60 ]; do
      chmod -R u+rwX "$0"
      rm -rf "$0"
      [ ! -e "$0" ] || sleep 1
      tries=$((tries + 1))
    done' "$work" <"$work/alive" >/dev/null 2>&1 9>&- &
}

# --- a machine that runs pilots by itself -------------------------------------------------------------

# Reads only what the bundle is fetched with; the rest is for the program.
read_run_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --) return ;;
      --server=*) SPINOR_SERVER=${1#*=} ;;
      --ca=*) SPINOR_CA=${1#*=} ;;
      --cache-dir=*) SPINOR_CACHE_DIR=${1#*=} ;;
      --server) [ $# -gt 1 ] && SPINOR_SERVER=$2 && shift ;;
      --ca) [ $# -gt 1 ] && SPINOR_CA=$2 && shift ;;
      --cache-dir) [ $# -gt 1 ] && SPINOR_CACHE_DIR=$2 && shift ;;
    esac
    shift
  done
}

become_machine() {
  read_run_options "$@"
  SPINOR_SERVER=${SPINOR_SERVER-}
  SPINOR_SERVER=${SPINOR_SERVER%/}
  if [ -n "${SPINOR_BUNDLE-}" ]; then
    bundle=$SPINOR_BUNDLE
  else
    [ -n "$SPINOR_SERVER" ] || fail 2 "say where the server is: run --server https://host:8000"
    work=$(mktemp -d "${TMPDIR:-/tmp}/spinor-run-XXXXXX") || fail 1 "no folder can be made in ${TMPDIR:-/tmp}"
    make_cache_dir
    # a folder of its own, as the work folder goes
    case $cache in "$work"/*) fail 1 "give --cache-dir a folder of this account" ;; esac
    get_bundle
    rm -rf "$work"
    work=''
  fi
  trap - EXIT HUP INT TERM
  exec "$bundle/bin/spinor-pilot" run ${SPINOR_SERVER:+--server="$SPINOR_SERVER"} "$@"
}

trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

if [ "${1-}" = run ]; then
  shift
  become_machine "$@"
fi
[ $# -eq 0 ] || read_settings "$1"
check_settings
make_work_dir
log INFO "pilot $SPINOR_PILOT_STAMP on $host, in $work"
if [ -n "${SPINOR_BUNDLE-}" ]; then
  bundle=$SPINOR_BUNDLE
  [ -x "$bundle/bin/spinor-pilot" ] || fail 1 "there is no bundle in $bundle"
else
  make_cache_dir
  get_bundle
fi
start_cleaner
[ -z "$spool" ] || rmdir "$spool/answers/$client" 2>/dev/null
log INFO "starting the pilot"
cd "$work" || fail 1 "$work is gone"
trap - EXIT HUP INT TERM
set -- --server="$SPINOR_SERVER" --stamp="$SPINOR_PILOT_STAMP" --secret-file="$work/secret" \
  --work-dir="$work" --cache-dir="${cache:-$base}" --bootstrap-log="$work/bootstrap.log"
[ "$SPINOR_PILOT_NODE" -eq 0 ] || set -- "$@" --node-number="$SPINOR_PILOT_NODE"
[ -z "${SPINOR_CA-}" ] || set -- "$@" --ca="$SPINOR_CA"
[ -z "${SPINOR_SITE-}" ] || set -- "$@" --site="$SPINOR_SITE"
[ -z "${SPINOR_CE-}" ] || set -- "$@" --ce="$SPINOR_CE"
[ -z "${SPINOR_QUEUE-}" ] || set -- "$@" --queue="$SPINOR_QUEUE"
[ -z "${SPINOR_PILOT_SECRET_FILE-}" ] || set -- "$@" --secret-origin="$SPINOR_PILOT_SECRET_FILE"
unset SPINOR_PILOT_SECRET_FILE
# Options are separated by blanks; what is told twice counts as told first.
# shellcheck disable=SC2086
exec "$bundle/bin/spinor-pilot" ${SPINOR_PILOT_OPTIONS-} "$@"
