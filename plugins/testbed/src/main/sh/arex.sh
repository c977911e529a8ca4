#!/bin/sh
# An A-REX of its own in a folder.
#   arex.sh FOLDER PORT ACCOUNT LRMS [QUEUE]  makes certificates of a test CA (ca/, hostcert.pem, usercert.pem, ...) and arc.conf; jobs run under ACCOUNT
#   arex.sh FOLDER start arex|arex-ws         starts one of the two services
set -e
folder=$1
umask 022

if [ "$2" = start ]; then
  # As the packages start it, but that it looks at its jobs every 5 seconds and not once a minute, and without this shell's environment.
  sed 's#<arex:gmconfig>#<arex:InfoproviderWakeupPeriod>5</arex:InfoproviderWakeupPeriod>&#' "/usr/share/arc/arc-$3-start" >"$folder/run/$3-start"
  set -- env -i PATH="$folder/bin":/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin ARC_CONFIG="$folder/arc.conf" ${SLURM_CONF:+SLURM_CONF="$SLURM_CONF"} bash "$folder/run/$3-start"
  # It fetches the keys of token issuers with the authorities of this folder, whatever is configured: where that is possible, it sees the test CA there.
  # shellcheck disable=SC2016
  if [ -d /etc/grid-security/certificates ] && unshare -m true 2>/dev/null; then
    exec unshare -m sh -c 'mount --bind "$0/ca" /etc/grid-security/certificates && exec "$@"' "$folder" "$@"
  fi
  exec "$@"
fi

port=$2 account=$3 lrms=$4
queue=${5:-$lrms}
mkdir -p "$folder"
cd "$folder"
mkdir -p bin control session log run tmp rte
chmod 1777 tmp

if [ ! -f usercert.pem ]; then
  # OpenSSL's generator wants a place for its seed.
  export HOME="$folder/tmp"
  arcctl test-ca --ca-dir "$folder/ca" --ca-id spinor init
  arcctl test-ca --ca-dir "$folder/ca" --ca-id spinor hostcert -n localhost
  mv host-localhost-cert.pem hostcert.pem
  mv host-localhost-key.pem hostkey.pem
  arcctl -c /dev/null test-ca --ca-dir "$folder/ca" --ca-id spinor usercert --username spinor >user.txt
  mv "$(sed -n 's/.*saved to \(.*-cert.pem\) and.*/\1/p' user.txt)" usercert.pem
  mv "$(sed -n 's/.* and \(.*-key.pem\) respectively.*/\1/p' user.txt)" userkey.pem
fi
# The service would make safe ones, which takes minutes of CPU time.
[ -f control/dhparam.pem ] || openssl dhparam -dsaparam -out control/dhparam.pem 2048 2>/dev/null

# Its scripts rest: 10 seconds after each look at forked jobs, 2 seconds after each of ten failed submissions to Slurm. Here they rest shortly.
cat >bin/sleep <<'END'
#!/bin/sh
case "$*" in
  10) if grep -qsF scan-fork-job "/proc/$PPID/cmdline"; then set -- 1; fi ;;
  2) if grep -qsF submit-SLURM-job "/proc/$PPID/cmdline"; then set -- 0.2; fi ;;
esac
exec /bin/sleep "$@"
END
chmod 755 bin/sleep

cat >arc.conf <<END
[common]
hostname = localhost
x509_host_key = $folder/hostkey.pem
x509_host_cert = $folder/hostcert.pem
x509_cert_dir = $folder/ca

[authgroup:pilots]
subject = /DC=org/DC=nordugrid/DC=ARC/O=TestCA/CN=spinor
authtokens = * * * * *

[mapping]
map_to_user = pilots $account
policy_on_nomap = stop

[authtokens]

[lrms]
lrms = $lrms
slurm_bin_path = /usr/bin
slurm_wakeupperiod = 1
# The default asks Slurm's accounting, which this one does not have: the end of jobs would never be seen.
slurm_use_sacct = no
gnu_time = /nonexistent/time

[arex]
controldir = $folder/control
sessiondir = $folder/session
runtimedir = $folder/rte
tmpdir = $folder/tmp
logfile = $folder/log/arex.log
joblog = $folder/log/jobs.log
helperlog = $folder/log/helper.log
pidfile = $folder/run/arex.pid
wakeupperiod = 2
loglevel = 3

[arex/data-staging]
logfile = $folder/log/staging.log
statefile = $folder/log/dtr.state

[arex/ws]
wsurl = https://localhost:$port/arex
logfile = $folder/log/ws.log
pidfile = $folder/run/ws.pid
max_job_control_requests = 100
max_infosys_requests = 10
max_data_transfer_requests = 100

[arex/ws/jobs]
allowaccess = pilots

[infosys]
logfile = $folder/log/infoprovider.log

[infosys/glue2]

[infosys/cluster]

[queue:$queue]
END
