#!/bin/sh
# A Grid Engine of its own in a folder: gridengine.sh FOLDER; ports and SGE_ROOT (FOLDER/root) come from the environment.
# One host with 16 slots in the queues "long", without limits, and "short", of a quarter of an hour; and the parallel environment "smp".
set -e
folder=$1
host=$(hostname)
common=$SGE_ROOT/default/common
mkdir -p "$common/local_conf" "$folder/spool/job_scripts" "$folder/exec"
chmod -R 755 "$folder"
cp -a /var/lib/gridengine/bin /var/lib/gridengine/lib /var/lib/gridengine/util /var/lib/gridengine/utilbin "$SGE_ROOT/"

cat >"$common/bootstrap" <<END
admin_user              none
default_domain          none
ignore_fqdn             true
spooling_method         classic
spooling_lib            libspoolc
spooling_params         $common;$folder/spool
binary_path             /usr/sbin
qmaster_spool_dir       $folder/spool
security_mode           none
listener_threads        2
worker_threads          2
scheduler_threads       1
END
# The name of this machine may stand at the address of the loopback.
echo "$host localhost" >"$common/host_aliases"
echo "$host" >"$common/act_qmaster"
sed -e "s#^execd_spool_dir.*#execd_spool_dir $folder/exec#" -e 's/^min_uid.*/min_uid 0/' -e 's/^min_gid.*/min_gid 0/' \
  -e 's/^load_report_time.*/load_report_time 00:00:05/' -e 's/flush_time=[0-9:]*/flush_time=00:00:01/' \
  /usr/share/gridengine/default-configuration >"$folder/configuration"
tools=/usr/lib/gridengine
resources=/usr/share/gridengine/util/resources
"$tools/spoolinit" classic libspoolc "$common;$folder/spool" init
"$tools/spooldefaults" configuration "$folder/configuration"
"$tools/spooldefaults" complexes "$resources/centry"
"$tools/spooldefaults" usersets "$resources/usersets"
"$tools/spooldefaults" managers "$(id -un)"
cp "$folder/configuration" "$common/configuration"

/usr/sbin/sge_qmaster
tries=0
until qconf -sh >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 240 ] || { cat "$folder/spool/messages"; exit 1; }
  sleep 0.5
done
qconf -as "$host" || true

cat >"$folder/host.conf" <<END
hostname              $host
load_scaling          NONE
complex_values        NONE
user_lists            NONE
xuser_lists           NONE
projects              NONE
xprojects             NONE
usage_scaling         NONE
report_variables      NONE
END
qconf -Ae "$folder/host.conf"

cat >"$folder/pe.conf" <<'END'
pe_name            smp
slots              999
user_lists         NONE
xuser_lists        NONE
start_proc_args    NONE
stop_proc_args     NONE
allocation_rule    $pe_slots
control_slaves     FALSE
job_is_first_task  TRUE
urgency_slots      min
accounting_summary FALSE
qsort_args         NONE
END
qconf -Ap "$folder/pe.conf"

# queue NAME RUNTIME
queue() {
  cat <<END
qname                 $1
hostlist              $host
seq_no                0
load_thresholds       NONE
suspend_thresholds    NONE
nsuspend              1
suspend_interval      00:05:00
priority              0
min_cpu_interval      00:05:00
processors            UNDEFINED
qtype                 BATCH
ckpt_list             NONE
pe_list               smp
rerun                 FALSE
slots                 16
tmpdir                /tmp
shell                 /bin/sh
shell_start_mode      posix_compliant
notify                00:00:02
initial_state         default
END
  for name in prolog epilog starter_method suspend_method resume_method terminate_method owner_list user_lists \
    xuser_lists subordinate_list complex_values projects xprojects calendar; do
    echo "$name NONE"
  done
  echo "s_rt INFINITY"
  echo "h_rt $2"
  for name in cpu fsize data stack core rss vmem; do
    echo "s_$name INFINITY"
    echo "h_$name INFINITY"
  done
}
queue long INFINITY >"$folder/long.conf"
queue short 00:15:00 >"$folder/short.conf"
qconf -Aq "$folder/long.conf"
qconf -Aq "$folder/short.conf"

qconf -ssconf | sed -e 's/^schedule_interval.*/schedule_interval 0:0:1/' -e 's/^flush_submit_sec.*/flush_submit_sec 1/' \
  -e 's/^flush_finish_sec.*/flush_finish_sec 1/' >"$folder/scheduler.conf"
qconf -Msconf "$folder/scheduler.conf"

SGE_EXECD_PIDFILE=$folder/execd.pid /usr/sbin/sge_execd
