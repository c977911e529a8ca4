# Runs a pilot as the first process of its container: passes signals on, and marks the lines of its standard error, since
# Kubernetes keeps both outputs in one log. POSIX sh.
cd /spinor/work || exit 125
mkfifo ../stderr || exit 125
# Open for reading too: nobody waits for the other end, and there is no end of file while children of the pilot live.
exec 3<>../stderr
mark=$(printf '\036')
(
  trap '' TERM INT
  exec 3<&- <../stderr
  while IFS= read -r line; do
    case $line in
      *"${mark}end")
        # A last line without its end stands before it.
        line=${line%"${mark}end"}
        [ -z "$line" ] || printf '%s%s\n' "$mark" "$line" >&2
        exit
        ;;
    esac
    printf '%s%s\n' "$mark" "$line" >&2
  done
) &
marker=$!
# Set before the pilot starts, or a signal in that moment would end us and not the pilot.
pilot= again=
trap 'again=1; [ -z "$pilot" ] || kill -TERM "$pilot" 2>/dev/null' TERM INT
sh ./pilot.sh </dev/null 2>&3 3>&- &
pilot=$!
[ -z "$again" ] || kill -TERM "$pilot" 2>/dev/null
while :; do
  again=
  wait "$pilot"
  last=$?
  # A signal wakes us before the pilot has ended: wait again, unless it had ended already.
  [ "$last" -eq 127 ] || code=$last
  [ -n "$again" ] || break
done
printf '%send\n' "$mark" >&3
wait "$marker"
exit "${code:-127}"
