#!/bin/sh
# Makes an image in which pilots run, of programs and libraries of this machine: kubernetes-image.sh FOLDER NAME
# It is FOLDER/image.tar, an OCI layout. What runs in it by itself does nothing for ever: it holds the network of a pod together.
set -e
mkdir -p "$1"
cd "$1"
name=$2

mkdir -p root/usr/bin root/bin root/tmp root/etc root/root layout/blobs/sha256
chmod 1777 root/tmp

libraries() {
  # All of the C library: the pilot brings its own Java, which wants more of it than these programs.
  dpkg -L libc6 | grep '/lib[^/]*\.so\.[0-9]*$'
  for program in sh awk basename cat chmod cp curl cut date df dirname env expr false find grep gzip head hostname id kill ln ls mkdir mkfifo mktemp mv nproc ps \
    readlink rm sed sha256sum sleep sort stat tail tar timeout touch tr true uname wc xargs; do
    file=$(readlink -f "/usr/bin/$program")
    cp "$file" "root/usr/bin/$program"
    ln -s "../usr/bin/$program" "root/bin/$program"
    ldd "$file" | grep -o '/[^ ]*' || true
  done
}

libraries | sort -u | while read -r library; do
  mkdir -p "root$(dirname "$library")"
  cp -L "$library" "root$library"
done
echo 'root:x:0:0:root:/root:/bin/sh' >root/etc/passwd

# Puts a file among the blobs, under its checksum, and describes it.
blob() {
  sum=$(sha256sum "$1" | cut -d ' ' -f 1)
  printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%s' "$2" "$sum" "$(stat -c %s "$1")"
  mv "$1" "layout/blobs/sha256/$sum"
}

tar -C root --owner=0 --group=0 -cf layer .
layer=$(sha256sum layer | cut -d ' ' -f 1)
layers=$(blob layer layer.v1.tar)
printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/usr/bin:/bin"],"Cmd":["/bin/sleep","infinity"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
  "$(dpkg --print-architecture)" "$layer" >config
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s},"layers":[%s}]}' "$(blob config config.v1+json)" "$layers" >manifest
printf '{"schemaVersion":2,"manifests":[%s,"annotations":{"io.containerd.image.name":"%s"}}]}' "$(blob manifest manifest.v1+json)" "$name" >layout/index.json
echo '{"imageLayoutVersion":"1.0.0"}' >layout/oci-layout
tar -C layout -cf image.tar .
rm -rf root layout
