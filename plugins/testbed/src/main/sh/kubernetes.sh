#!/bin/sh
# A Kubernetes of its own in a folder, with one node whose containers are real.
#   kubernetes.sh FOLDER make PROGRAM NET PORT KUBELET ETCD PEER  certificates, logins and configurations; NET is as 10.199.7, the others are free ports
#   kubernetes.sh FOLDER start NAME...  starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler, containerd or kubelet
#   kubernetes.sh FOLDER stop NAME...
#   kubernetes.sh FOLDER end            stops all, and takes away what the node has made
# The login of an administrator is in admin.crt and admin.key. The node is NET.254, an address that pods reach.
set -e
umask 022
script=$(readlink -f "$0")
folder=$1
action=$2
shift 2
[ "$action" = make ] || . "$folder/settings"
[ "$action" != make ] || { program=$1 net=$2 port=$3 kubelet=$4 etcd=$5 peer=$6; }
name=$(basename "$folder")

issue() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out request.pem -subj "$2" 2>/dev/null
  printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\n%s\n' "$3" >extensions
  openssl x509 -req -in request.pem -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile extensions -out "$1.crt" 2>/dev/null
}

login() {
  issue "$1" "$2" ''
  cat >"$1.conf" <<EOF
apiVersion: v1
kind: Config
current-context: c
clusters: [{name: c, cluster: {server: "https://127.0.0.1:$port", certificate-authority: $folder/ca.crt}}]
users: [{name: u, user: {client-certificate: $folder/$1.crt, client-key: $folder/$1.key}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
EOF
}

make() {
  mkdir -p run log etcd cni containerd kubelet mounts
  chmod 700 etcd
  # What the node mounts is seen by its containers, as on any node, and by nothing else here.
  mount --bind mounts mounts
  mount --make-private mounts
  touch mounts/node
  unshare --mount=mounts/node --propagation private mount --make-rshared /
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -days 30 -subj /CN=spinor-test 2>/dev/null
  openssl genrsa -out accounts.key 2048 2>/dev/null
  issue server /CN=kube-apiserver "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:$net.254"
  login admin /O=system:masters/CN=admin
  login kube-controller-manager /CN=system:kube-controller-manager
  login kube-scheduler /CN=system:kube-scheduler
  login kubelet /O=system:nodes/CN=system:node:node-1
  printf '%s=%s\n' program "$program" net "$net" port "$port" kubelet "$kubelet" etcd "$etcd" peer "$peer" forwarding "$(cat /proc/sys/net/ipv4/ip_forward)" >settings

  cat >containerd.toml <<EOF
version = 2
root = "$folder/containerd/root"
state = "$folder/containerd/state"
[grpc]
  address = "$folder/containerd/socket"
[plugins."io.containerd.internal.v1.opt"]
  path = "$folder/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "spinor.test/node:1"
  netns_mounts_under_state_dir = true
  disable_apparmor = true
  # Where root may not raise its own priority, it may not raise that of containers.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$folder/cni"
EOF
  cat >cni/pods.conf <<EOF
{"cniVersion": "0.4.0", "name": "$name", "type": "ptp",
 "ipam": {"type": "host-local", "subnet": "$net.0/25", "dataDir": "$folder/addresses", "routes": [{"dst": "0.0.0.0/0"}]}}
EOF
  # It collects no garbage and evicts nobody: the disk is that of the whole machine.
  cat >kubelet.yaml <<EOF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
containerRuntimeEndpoint: unix://$folder/containerd/socket
address: $net.254
port: $kubelet
readOnlyPort: 0
healthzPort: 0
tlsCertFile: $folder/server.crt
tlsPrivateKeyFile: $folder/server.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: $folder/ca.crt}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /$name
failSwapOn: false
makeIPTablesUtilChains: false
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 1Mi, nodefs.available: 1Mi}
volumePluginDir: $folder/kubelet/plugins
podLogsDir: $folder/log/pods
clusterDNS: [$net.254]
resolvConf: ""
EOF
}

# A group in each hierarchy; there is one hierarchy in version 2.
groups() {
  find /sys/fs/cgroup -maxdepth "$([ -f /sys/fs/cgroup/cgroup.controllers ] && echo 1 || echo 2)" -type d -name "$name"
}

before_kubelet() {
  ip address replace "$net.254/32" dev lo
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    mkdir -p "/sys/fs/cgroup/$name"
    return
  fi
  for hierarchy in /sys/fs/cgroup/*/; do
    [ ! -f "${hierarchy}cgroup.procs" ] || mkdir -p "$hierarchy$name"
    # A group of this kind has no cores and no memory to begin with.
    for share in cpuset.cpus cpuset.mems; do
      [ ! -f "$hierarchy$name/$share" ] || cat "$hierarchy$share" >"$hierarchy$name/$share"
    done
  done
}

api_server() {
  exec "$program" kube-apiserver --etcd-servers="http://127.0.0.1:$etcd" --bind-address=127.0.0.1 --secure-port="$port" --advertise-address="$net.254" \
    --endpoint-reconciler-type=none --service-cluster-ip-range="$net.128/26" --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --client-ca-file=ca.crt --tls-cert-file=server.crt --tls-private-key-file=server.key --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file=accounts.key --service-account-signing-key-file=accounts.key --kubelet-certificate-authority=ca.crt \
    --kubelet-client-certificate=admin.crt --kubelet-client-key=admin.key --kubelet-preferred-address-types=InternalIP --profiling=false
}

run() {
  case $1 in
    etcd)
      exec etcd --data-dir=etcd --listen-client-urls="http://127.0.0.1:$etcd" --advertise-client-urls="http://127.0.0.1:$etcd" \
        --listen-peer-urls="http://127.0.0.1:$peer" --initial-advertise-peer-urls="http://127.0.0.1:$peer" \
        --initial-cluster="default=http://127.0.0.1:$peer"
      ;;
    kube-apiserver) api_server ;;
    kube-controller-manager)
      exec "$program" "$1" --kubeconfig="$1.conf" --leader-elect=false --secure-port=0 --use-service-account-credentials --root-ca-file=ca.crt --service-account-private-key-file=accounts.key
      ;;
    kube-scheduler) exec "$program" "$1" --kubeconfig="$1.conf" --leader-elect=false --secure-port=0 ;;
    containerd) exec nsenter --mount=mounts/node containerd --config "$folder/containerd.toml" ;;
    kubelet)
      before_kubelet
      exec nsenter --mount=mounts/node "$program" "$1" --config="$folder/kubelet.yaml" --kubeconfig="$folder/$1.conf" --hostname-override=node-1 --node-ip="$net.254" --root-dir="$folder/kubelet" \
        --cert-dir="$folder/kubelet/pki"
      ;;
  esac
}

start() {
  for each in "$@"; do
    # In the background, exec leaves the number as it is.
    (setsid sh "$script" "$folder" run "$each" </dev/null >>"log/$each" 2>&1 & echo $! >"run/$each.pid")
  done
}

stop() {
  for each in "$@"; do
    [ -f "run/$each.pid" ] || continue
    pid=$(cat "run/$each.pid")
    kill -TERM "$pid" 2>/dev/null || true
    tries=0
    while kill -0 "$pid" 2>/dev/null; do
      tries=$((tries + 1))
      [ $tries -ne 150 ] || kill -KILL "$pid" 2>/dev/null || true
      sleep 0.1
    done
    rm -f "run/$each.pid"
  done
}

end() {
  stop kubelet kube-scheduler kube-controller-manager kube-apiserver containerd etcd
  for group in $(groups); do
    find "$group" -name cgroup.procs -exec cat {} + | xargs -r kill -KILL 2>/dev/null || true
  done
  # What keeps containers for containerd outlives it.
  pgrep -f "containerd-shim.* $folder/containerd/socket" | xargs -r kill -KILL 2>/dev/null || true
  umount mounts/node mounts 2>/dev/null || true
  for group in $(groups); do
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
  ip address delete "$net.254/32" dev lo 2>/dev/null || true
  # The plug-in of the pods' network has switched it on.
  echo "$forwarding" >/proc/sys/net/ipv4/ip_forward
}

cd "$folder"
"$action" "$@"
