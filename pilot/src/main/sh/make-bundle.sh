#!/bin/sh
# Makes the pilot's bundle: a small runtime, the jars, the start script. Run by the build.
#
#   make-bundle.sh JAVA_HOME STAGE OUT MODULES
#
# STAGE  folder with lib/*.jar and bin/*; the runtime is made and kept beside them
# OUT    folder for OS-ARCH.tar.gz, its .sha256 and bootstrap.sh
# Does nothing where the bundle was made of the same things already.
set -eu
mkdir -p "$3"
jdk=$1 stage=$(cd "$2" && pwd) out=$(cd "$3" && pwd) modules=$4
platform=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
bundle=$out/$platform.tar.gz

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

cmp -s "$stage/bin/bootstrap.sh" "$out/bootstrap.sh" || cp "$stage/bin/bootstrap.sh" "$out/"
key=$(cd "$stage" && sha256 lib/*.jar bin/* "$jdk/release" | sha256 | cut -c1-64)-$modules
if [ -f "$bundle.sha256" ] && [ -f "$bundle" ] && [ "$(cat "$stage/made-of" 2>/dev/null)" = "$key" ]; then
  exit 0
fi

runtime=$stage/runtime-$(cat "$jdk/release" "$0" | sha256 | cut -c1-16)
if [ ! -d "$runtime" ]; then
  rm -rf "$stage"/runtime-*
  "$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
    --vm=server --compress=zip-0 \
    --output "$runtime.part"
  mv "$runtime.part" "$runtime"
fi

top=$stage/spinor-pilot
rm -rf "$top"
mkdir -p "$top/lib/native" "$top/bin"
cp -p "$stage"/lib/*.jar "$top/lib/"
cp -p "$stage/bin/spinor-pilot" "$stage/bin/spinor-edge" "$top/bin/"
chmod 755 "$top"/bin/*
cp -pR "$runtime" "$top/runtime"

# Of the compressor's libraries for all systems only this one's is taken along, as a plain file:
# the node's /tmp may not allow libraries to be loaded from it.
zstd=$(ls "$top"/lib/zstd-jni-*.jar)
case $(uname -m) in
  x86_64) inside=linux/amd64 ;;
  *) inside=linux/$(uname -m) ;;
esac
(cd "$top/lib" && "$jdk/bin/jar" xf "$zstd" com META-INF "$inside" && mv "$inside"/libzstd-jni-*.so native/libzstd-jni.so)
rm -f "$zstd"
(cd "$top/lib" && "$jdk/bin/jar" cfM "$(basename "$zstd")" com META-INF && rm -rf com META-INF linux)

# What the pilot loads at its start, ready to be mapped; the run also proves that it works.
"$top/bin/spinor-pilot" --version >/dev/null
"$top/bin/spinor-edge" --help >/dev/null
check=$(JAVA_TOOL_OPTIONS='' "$top/runtime/bin/java" -XX:AOTCacheOutput="$top/lib/pilot.aot" \
  -Xlog:aot=off -Xlog:cds=off -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms16m -Xmx256m -Xss512k \
  --enable-native-access=ALL-UNNAMED -DZstdNativePath="$top/lib/native/libzstd-jni.so" \
  -jar "$top/lib/spinor-pilot.jar" --check 2>&1) || { echo "$check" >&2; exit 1; }

tar -C "$stage" -cf - spinor-pilot | gzip >"$bundle.part"
mv "$bundle.part" "$bundle"
(cd "$out" && sha256 "$platform.tar.gz" >"$platform.tar.gz.sha256")
echo "$key" >"$stage/made-of"
rm -rf "$top"
echo "pilot bundle: $(($(wc -c <"$bundle") / 1000000)) MB"
