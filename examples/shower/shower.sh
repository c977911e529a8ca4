#!/bin/sh
# One simulated air shower: its number is the seed.
set -eu
awk -v seed="$1" -f shower.awk >shower.txt
head -n 1 shower.txt
