#!/bin/sh
# An OAR of its own in a folder, with a database of its own.
#   oar.sh FOLDER DATABASE-PORT SERVER-PORT  makes and starts both; the commands are in FOLDER/bin
#   oar.sh FOLDER start|stop                 starts or stops the server; the database goes on
#   oar.sh FOLDER end                        stops all
# One host with 16 cores in the queue "default". Everything runs under this account: OAR's own programs with extra rights are bypassed, and the host is
# this machine, so that nothing logs in anywhere.
set -e
folder=$1
as=
[ "$(id -u)" -ne 0 ] || as='runuser -u postgres --'
postgres=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)

start() {
  cd "$folder"
  # Jobs read .bashrc of their home, whatever the account has in it.
  HOME=$folder/home OARDIR=/usr/lib/oar OARCONFFILE=$folder/oar.conf OARUSER=$(id -un) PATH=$folder/bin:$PATH setsid /usr/lib/oar/Almighty </dev/null >"$folder/out" 2>&1 &
  echo $! >"$folder/server.pid"
}

# Almighty's children are in its group.
stop() {
  [ -f "$folder/server.pid" ] || return 0
  kill -TERM -- "-$(cat "$folder/server.pid")" 2>/dev/null || true
  tries=0
  while kill -0 -- "-$(cat "$folder/server.pid")" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -ne 20 ] || kill -KILL -- "-$(cat "$folder/server.pid")" 2>/dev/null || true
    sleep 0.2
  done
  rm -f "$folder/server.pid"
}

case $2 in
  start | stop)
    "$2"
    exit
    ;;
  end)
    stop
    $as "$postgres/pg_ctl" -D "$folder/db" -m immediate stop >/dev/null 2>&1 || true
    exit
    ;;
esac

database=$2 server=$3
mkdir -p "$folder/bin" "$folder/run" "$folder/db" "$folder/home"
: >"$folder/home/.bashrc"
chmod 755 "$folder"
[ -z "$as" ] || chown postgres "$folder/db"
cd /
$as "$postgres/initdb" -D "$folder/db" -A trust --no-sync -E UTF8 >/dev/null
$as "$postgres/pg_ctl" -D "$folder/db" -w -l "$folder/db/log" -o "-p $database -k $folder/db -c listen_addresses=127.0.0.1 -c fsync=off" start >/dev/null
sql() {
  $as "$postgres/psql" -q -v ON_ERROR_STOP=1 -h "$folder/db" -p "$database" "$@" >/dev/null
}
sql -d postgres -c 'CREATE ROLE oar LOGIN SUPERUSER' -c 'CREATE DATABASE oar OWNER oar'
for part in pg_structure default_data pg_default_admission_rules; do
  sql -U oar -d oar -f "/usr/lib/oar/database/$part.sql"
done
# The second rule keeps root out.
sql -U oar -d oar -c "DELETE FROM admission_rules WHERE rule LIKE '%root%'" -c 'ALTER TABLE resources ADD core integer NOT NULL DEFAULT 0' \
  -c "INSERT INTO resources (network_address, core, state, next_state, cpuset) SELECT '$(hostname)', n, 'Alive', 'UnChanged', n FROM generate_series(1, 16) n"

cat >"$folder/oar.conf" <<END
DB_TYPE="Pg"
DB_HOSTNAME="127.0.0.1"
DB_PORT="$database"
DB_BASE_NAME="oar"
DB_BASE_LOGIN="oar"
DB_BASE_PASSWD="any"
DB_BASE_LOGIN_RO="oar"
DB_BASE_PASSWD_RO="any"
SERVER_HOSTNAME="localhost"
SERVER_PORT="$server"
OARSUB_DEFAULT_RESOURCES="/resource_id=1"
OARSUB_NODES_RESOURCES="network_address"
OARSUB_FORCE_JOB_KEY="no"
LOG_LEVEL="3"
LOG_CATEGORIES="all"
LOG_FILE="$folder/log"
OAR_RUNTIME_DIRECTORY="$folder/run"
DEPLOY_HOSTNAME="127.0.0.1"
COSYSTEM_HOSTNAME="127.0.0.1"
DETACH_JOB_FROM_SERVER="1"
OPENSSH_CMD="$folder/bin/here"
PINGCHECKER_GENERIC_COMMAND="/bin/true"
FINAUD_FREQUENCY="0"
SCHEDULER_TIMEOUT="30"
SCHEDULER_NB_PROCESSES=1
SCHEDULER_MIN_TIME_BETWEEN_2_CALLS="1"
SCHEDULER_JOB_SECURITY_TIME="2"
SCHEDULER_GANTT_HOLE_MINIMUM_TIME="300"
SCHEDULER_RESOURCE_ORDER="scheduler_priority ASC, state_num ASC, available_upto DESC, suspended_jobs ASC, network_address ASC, resource_id ASC"
SCHEDULER_RESOURCE_ORDER_ADV_RESERVATIONS="network_address ASC, resource_id ASC"
SCHEDULER_PRIORITY_HIERARCHY_ORDER="network_address/resource_id"
SCHEDULER_AVAILABLE_SUSPENDED_RESOURCE_TYPE="default"
SCHEDULER_FAIRSHARING_MAX_JOB_PER_USER=30
ENERGY_SAVING_INTERNAL="no"
END

cat >"$folder/bin/oardodo" <<'END'
#!/bin/sh
exec "$@"
END
# As ssh with a host: options, the host, the command.
cat >"$folder/bin/here" <<'END'
#!/bin/sh
while case $1 in -*) ;; *) false ;; esac; do shift; done
shift
exec sh -c "$*"
END
for program in oarsub oarstat oardel oarhold oarresume; do
  cat >"$folder/bin/$program" <<END
#!/bin/sh
OARDIR=/usr/lib/oar OARCONFFILE=$folder/oar.conf OARUSER=$(id -un) OARDO_USER=$(id -un) OARDO_UID=$(id -u) PATH=$folder/bin:\$PATH
export OARDIR OARCONFFILE OARUSER OARDO_USER OARDO_UID PATH
exec /usr/lib/oar/$program "\$@"
END
done
chmod 755 "$folder"/bin/*
start
