#!/bin/sh
# Runs one pilot in its folder ($1), apart from whoever started it, and writes down who it is and how it ended.
cd "$1" || exit 1
# Whoever makes this folder starts the pilot; anybody after that does nothing.
mkdir started 2>/dev/null || exit 0
if [ -r /proc/$$/stat ]; then
  # The name of the program stands in parentheses and may hold anything; the start is the 20th word after it.
  read -r line </proc/$$/stat
  boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
  # shellcheck disable=SC2086
  set -- ${line##*) }
  start="proc ${20} $boot"
else
  start="ps $(ps -o lstart= -p $$)"
fi
printf '%s %s\n' "$$" "$start" >pid.new && mv pid.new pid
if [ -e cancelled ]; then
  code=143
else
  # A signal to the group reaches the pilot itself; here only its end is awaited.
  trap : TERM INT HUP
  cd work || exit 1
  sh ./pilot.sh >../stdout 2>../stderr </dev/null
  code=$?
  cd ..
fi
echo "$code" >exit.new && mv exit.new exit
