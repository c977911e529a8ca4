#!/bin/sh
# Builds the programs of a Kubernetes from their Go modules, once, and says where they are: kubernetes-build.sh [cached]
# With "cached" it builds nothing. Ends with 1, and a word why, where there are none.
set -e
source=$(CDPATH='' cd -- "$(dirname -- "$0")/../go/kubernetes" && pwd)
version=$(sed -n 's#^.*k8s.io/kubernetes v\([0-9.]*\)$#\1#p' "$source/go.mod" | head -n 1)
sum=$(cat "$source/main.go" "$source/go.mod" | cksum | cut -d ' ' -f 1)
folder=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/spinor-testbed/kubernetes-$version-$sum
program=$folder/kubernetes

mkdir -p "$folder"
if command -v flock >/dev/null; then
  exec 9>>"$folder/lock"
  flock 9
fi
if [ -x "$program" ]; then
  echo "$program"
  exit
fi
[ "$1" != cached ] || { echo "Kubernetes $version has not been built here, which takes minutes: -Dkubernetes.real=true builds it"; exit 1; }

PATH=$PATH:/usr/local/go/bin:/usr/lib/go/bin
command -v go >/dev/null || { echo "no Go to build Kubernetes $version with"; exit 1; }
minor=$(go version | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
# Older ones cannot fetch the one that is wanted.
[ "${minor:-0}" -ge 21 ] || { echo "Go 1.21 or later is needed to build Kubernetes $version, not: $(go version)"; exit 1; }
export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=auto GOWORK=off
cd "$source"
if ! go mod download >"$folder/log" 2>&1; then
  echo "the Go modules of Kubernetes $version cannot be had: $(tail -n 1 "$folder/log")"
  exit 1
fi
if ! nice -n 5 go build -trimpath -buildvcs=false -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v$version" -o "$program.new" . >"$folder/log" 2>&1; then
  echo "Kubernetes $version cannot be built, see $folder/log: $(tail -n 1 "$folder/log")"
  exit 1
fi
mv "$program.new" "$program"
echo "$program"
