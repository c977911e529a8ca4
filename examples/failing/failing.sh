#!/bin/sh
# Fails as payloads do: a message on the standard error, and an exit code.
echo "reading calibration.db"
echo "failing.sh: calibration.db: no such file" >&2
exit 42
