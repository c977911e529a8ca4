package org.spinor.server.pilots.machines;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.life.Endings;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of machines: asking, let in, speaking. Times are the database's. */
@Repository
final class MachineTable {
  private static final String COLUMNS =
      """
      machine_id, state, reason, name, code, code_until > clock_timestamp() AS code_valid, site, ce, queue, vo, secret_id, drain, stamp
      """;

  /**
   * Who is there.
   *
   * @param host as the machine says
   * @param address from which it speaks
   */
  record Who(String name, String host, String address) {}

  /**
   * Places of a queue that others hold.
   *
   * @param ofSecret of them, those with the machine's secret
   * @param mine whether the machine itself holds one
   */
  record Held(int others, int ofSecret, boolean mine) {}

  private final JdbcClient jdbc;

  MachineTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The machine with this secret. */
  Optional<Machine> find(byte[] secretHash) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM pilots.machine WHERE secret_hash = :hash")
        .param("hash", secretHash)
        .query(MachineTable::machine)
        .optional();
  }

  /** The machine as it is now, held for this transaction. */
  Machine lock(long id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM pilots.machine WHERE machine_id = :id FOR UPDATE")
        .param("id", id)
        .query(MachineTable::machine)
        .single();
  }

  private static Machine machine(ResultSet row, int number) throws SQLException {
    long secret = row.getLong("secret_id");
    Optional<Long> secretId = row.wasNull() ? Optional.empty() : Optional.of(secret);
    return new Machine(
        row.getLong("machine_id"),
        Machine.State.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getString("name"),
        Optional.ofNullable(row.getString("code")),
        row.getBoolean("code_valid"),
        new Pilots.Queue(row.getString("site"), row.getString("ce"), row.getString("queue")),
        row.getString("vo"),
        secretId,
        row.getBoolean("drain"),
        Optional.ofNullable(row.getString("stamp")));
  }

  /** How many machines ask now. */
  int asking() {
    return jdbc.sql(
            "SELECT count(*) FROM pilots.machine WHERE state = 'asking' AND code_until > now()")
        .query(Integer.class)
        .single();
  }

  /**
   * A machine asks to be let in, for the first time or again. One that was let in is left alone.
   *
   * @return false: another machine has this code
   */
  boolean ask(byte[] secretHash, Who who, String wishedSite, String code, Duration life) {
    try {
      jdbc.sql(
              """
              INSERT INTO pilots.machine AS m (secret_hash, state, name, host, address, site, code, code_until)
              VALUES (:hash, 'asking', :name, :host, :address, :site, :code, now() + make_interval(secs => :life))
              ON CONFLICT (secret_hash) DO UPDATE SET
                name = EXCLUDED.name, host = EXCLUDED.host, address = EXCLUDED.address, site = EXCLUDED.site, last_seen = now(),
                code = EXCLUDED.code, code_until = EXCLUDED.code_until
              WHERE m.state = 'asking' AND (m.code IS NULL OR m.code_until <= now())
              """)
          .param("hash", secretHash)
          .param("name", who.name())
          .param("host", who.host())
          .param("address", who.address())
          .param("site", wishedSite)
          .param("code", code)
          .param("life", life.toSeconds())
          .update();
      return true;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  /** A machine that came with a secret is let in at once; whatever was said of it before. */
  void admit(byte[] secretHash, Who who, long secretId, MachineQueues.Target target) {
    jdbc.sql(
            """
            INSERT INTO pilots.machine AS m (secret_hash, state, name, host, address, site, ce, queue, vo, secret_id, let_in_by, joined)
            VALUES (:hash, 'joined', :name, :host, :address, :site, :ce, :queue, :vo, :secret, 'secret ' || :secret, now())
            ON CONFLICT (secret_hash) DO UPDATE SET
              state = 'joined', reason = '', code = NULL, code_until = NULL, name = EXCLUDED.name, host = EXCLUDED.host,
              address = EXCLUDED.address, site = EXCLUDED.site, ce = EXCLUDED.ce, queue = EXCLUDED.queue, vo = EXCLUDED.vo,
              secret_id = EXCLUDED.secret_id, let_in_by = EXCLUDED.let_in_by, joined = now(), last_seen = now()
            WHERE m.state = 'asking'
            """)
        .param("hash", secretHash)
        .param("name", who.name())
        .param("host", who.host())
        .param("address", who.address())
        .param("site", target.place().site())
        .param("ce", target.place().ce())
        .param("queue", target.place().name())
        .param("vo", target.vo())
        .param("secret", secretId)
        .update();
  }

  /** The code is used: the machine is let in. Once, whoever else tries at the same moment. */
  Optional<Long> approve(String code, MachineQueues.Target target, String by) {
    return jdbc.sql(
            """
            UPDATE pilots.machine SET state = 'joined', reason = '', code = NULL, code_until = NULL, site = :site, ce = :ce,
                   queue = :queue, vo = :vo, let_in_by = :by, joined = now()
             WHERE code = :code AND state = 'asking' AND code_until > now()
            RETURNING machine_id
            """)
        .param("code", code)
        .param("site", target.place().site())
        .param("ce", target.place().ce())
        .param("queue", target.place().name())
        .param("vo", target.vo())
        .param("by", by)
        .query(Long.class)
        .optional();
  }

  Optional<Long> refuse(String code, String reason) {
    return jdbc.sql(
            """
            UPDATE pilots.machine SET state = 'refused', reason = :reason, code = NULL, code_until = NULL
             WHERE code = :code AND state = 'asking' AND code_until > now()
            RETURNING machine_id
            """)
        .param("code", code)
        .param("reason", reason)
        .query(Long.class)
        .optional();
  }

  /** It spoke; what it is told to wait for is kept for people. */
  void heard(long id, String address, String waitsFor) {
    jdbc.sql(
            "UPDATE pilots.machine SET last_seen = now(), address = :address, waits_for = :waits WHERE machine_id = :id")
        .param("id", id)
        .param("address", address)
        .param("waits", waitsFor)
        .update();
  }

  /** From here to the end of the transaction nobody else counts or takes places of this queue. */
  void lockPlaces(Pilots.Queue queue) {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:queue, 73))")
        .param("queue", queue.site() + "\n" + queue.ce() + "\n" + queue.name())
        .query((row, number) -> 1)
        .single();
  }

  /** The places of a queue as they are held now; under {@link #lockPlaces}. */
  Held held(Machine machine) {
    return jdbc.sql(
            """
            SELECT count(*) FILTER (WHERE machine_id <> :id) AS others,
                   count(*) FILTER (WHERE machine_id <> :id AND secret_id = :secret) AS of_secret,
                   count(*) FILTER (WHERE machine_id = :id AND place_until > clock_timestamp()) AS mine
              FROM pilots.machine m
             WHERE site = :site AND ce = :ce AND queue = :queue AND state IN ('joined', 'removed')
               AND (place_until > clock_timestamp()
                    OR EXISTS (SELECT FROM pilots.pilot p
                                WHERE p.machine_id = m.machine_id AND p.status IN ('Submitted', 'Waiting', 'Running', 'Unknown')))
            """)
        .param("id", machine.id())
        .param("secret", machine.secretId().orElse(-1L))
        .param("site", machine.place().site())
        .param("ce", machine.place().ce())
        .param("queue", machine.place().name())
        .query(
            (row, number) ->
                new Held(row.getInt("others"), row.getInt("of_secret"), row.getInt("mine") > 0))
        .single();
  }

  void holdPlace(long id, Duration lease) {
    jdbc.sql(
            "UPDATE pilots.machine SET place_until = clock_timestamp() + make_interval(secs => :lease) WHERE machine_id = :id")
        .param("id", id)
        .param("lease", lease.toSeconds())
        .update();
  }

  void freePlace(long id) {
    jdbc.sql("UPDATE pilots.machine SET place_until = NULL WHERE machine_id = :id")
        .param("id", id)
        .update();
  }

  /** Stamps of its pilots that have not ended. */
  List<String> living(long id) {
    return jdbc.sql(
            """
            SELECT stamp FROM pilots.pilot
             WHERE machine_id = :id AND status IN ('Submitted', 'Waiting', 'Running', 'Unknown') ORDER BY pilot_id
            """)
        .param("id", id)
        .query((row, number) -> row.getString(1))
        .list();
  }

  /**
   * How long the machine rests after pilots that ended without a job: twice as long each time.
   *
   * @param seconds left; 0 or less: none
   * @param why its newest pilot ended
   */
  record Rest(double seconds, String why) {}

  /** Empty: its newest pilot had a job, or it had no pilot. */
  Optional<Rest> rest(long id, Duration first, Duration longest) {
    return jdbc.sql(
            """
            SELECT least(:first * 2.0 ^ least(m.empty_pilots, 20), :longest) - extract(epoch FROM clock_timestamp() - p.last_update_time)
                     AS seconds, p.status_reason
              FROM pilots.machine m JOIN pilots.pilot p USING (stamp)
             WHERE m.machine_id = :id AND p.initial_job_id = 0
            """)
        .param("id", id)
        .param("first", first.toSeconds())
        .param("longest", longest.toSeconds())
        .query((row, number) -> new Rest(row.getDouble("seconds"), row.getString("status_reason")))
        .optional();
  }

  /** Registers a pilot for the machine, and counts whether the one before it had a job. */
  void register(Machine machine, String stamp) {
    jdbc.sql(
            """
            WITH before AS (
              SELECT p.initial_job_id = 0 AS empty FROM pilots.machine m JOIN pilots.pilot p USING (stamp) WHERE m.machine_id = :id),
            noted AS (
              UPDATE pilots.machine m SET
                stamp = :stamp, waits_for = '',
                empty_pilots = CASE WHEN coalesce((SELECT empty FROM before), false) THEN m.empty_pilots + 1 ELSE 0 END
              WHERE m.machine_id = :id)
            INSERT INTO pilots.pilot (stamp, reference, vo, destination_site, queue, grid_site, grid_type, status, status_reason, machine_id)
            VALUES (:stamp, :stamp, :vo, :ce, :queue, :site, :type, 'Submitted', :reason, :id)
            """)
        .param("id", machine.id())
        .param("stamp", stamp)
        .param("vo", machine.vo())
        .param("ce", machine.place().ce())
        .param("queue", machine.place().name())
        .param("site", machine.place().site())
        .param("type", Configuration.Queue.VACUUM)
        .param("reason", Endings.cut("given to the machine " + machine.name()))
        .update();
  }

  /**
   * @param vo only where it is of this VO; null: of any
   */
  Optional<Long> reachable(long id, @Nullable String vo) {
    return jdbc.sql(
            """
            SELECT machine_id FROM pilots.machine
             WHERE machine_id = :id AND state <> 'asking' AND (:vo::text IS NULL OR vo = :vo)
            """)
        .param("id", id)
        .param("vo", vo)
        .query(Long.class)
        .optional();
  }

  void drain(long id, boolean drain, String reason) {
    jdbc.sql(
            "UPDATE pilots.machine SET drain = :drain, reason = :reason, empty_pilots = 0 WHERE machine_id = :id")
        .param("id", id)
        .param("drain", drain)
        .param("reason", reason)
        .update();
  }

  void remove(long id, String reason) {
    jdbc.sql(
            "UPDATE pilots.machine SET state = 'removed', reason = :reason, place_until = NULL WHERE machine_id = :id")
        .param("id", id)
        .param("reason", reason)
        .update();
  }

  /** Machines that came with this secret and are still in. */
  List<Long> withSecret(long secretId) {
    return jdbc.sql(
            "SELECT machine_id FROM pilots.machine WHERE secret_id = :id AND state = 'joined' ORDER BY machine_id")
        .param("id", secretId)
        .query((row, number) -> row.getLong(1))
        .list();
  }

  /** Pilots that a machine was given so long ago and that never spoke. */
  List<String> neverStarted(Duration age) {
    return jdbc.sql(
            """
            SELECT stamp FROM pilots.pilot
             WHERE machine_id IS NOT NULL AND status IN ('Submitted', 'Waiting')
               AND submission_time < now() - make_interval(secs => :age)
             ORDER BY pilot_id LIMIT 500
            """)
        .param("age", age.toSeconds())
        .query((row, number) -> row.getString(1))
        .list();
  }

  /** Deletes what nobody comes back for. */
  int forget(Duration silent, Duration silentVirtual) {
    return jdbc.sql(
            """
            DELETE FROM pilots.machine m
             WHERE (m.state = 'asking' AND m.code_until < now() - interval '1 day'
                    OR m.state <> 'asking' AND m.last_seen < now() - make_interval(
                         secs => CASE WHEN m.secret_id IS NULL THEN :silent::float8 ELSE :virtual::float8 END))
               AND NOT EXISTS (SELECT FROM pilots.pilot p
                                WHERE p.machine_id = m.machine_id AND p.status IN ('Submitted', 'Waiting', 'Running', 'Unknown'))
            """)
        .param("silent", silent.toSeconds())
        .param("virtual", silentVirtual.toSeconds())
        .update();
  }
}
