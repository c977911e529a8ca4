package org.spinor.server.pilots.machines;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineAnswer;
import org.spinor.api.MachineApproval;
import org.spinor.api.MachineCall;
import org.spinor.api.MachineJoin;
import org.spinor.api.Offer;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.PilotSecrets;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotRoom;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.contact.SecretKeeper;
import org.spinor.server.pilots.life.Endings;
import org.spinor.server.pilots.life.PilotRegistry;
import org.spinor.server.resources.TestSites;

/** Machines and what decides about them, on a real database. */
final class MachineRoom {
  static final String SITE = "VAC.Desks.org";
  static final Pilots.Queue DESKS = new Pilots.Queue(SITE, "vac", "desks");
  static final String HOME = "192.0.2.7";

  final TestDatabase database;
  final FakeJobs jobs;
  final TestSites sites = new TestSites(queue("desks", 2));
  final PilotRoom.BannedSites banned = new PilotRoom.BannedSites();
  final FakeDemand demand = new FakeDemand();
  final MachineDesk desk;
  final MachineAdministration administration;
  final MachineWatch watch;
  final Endings endings;
  final MachineTable table;
  final PilotSecrets pilotSecrets;

  /** Work for everybody, or for nobody. */
  static final class FakeDemand implements Demand {
    volatile boolean work = true;

    @Override
    public List<Group> servable(List<Offer> offers) {
      BitSet first = new BitSet();
      first.set(0);
      return work ? List.of(new Group(first, 1, 1)) : List.of();
    }
  }

  /**
   * @param pilots the rest of the room, on the same database
   */
  MachineRoom(PilotRoom pilots) {
    database = pilots.database;
    jobs = pilots.jobs;
    endings = pilots.get(Endings.class);
    pilotSecrets = pilots.secrets;
    PilotRegistry registry = pilots.get(PilotRegistry.class);
    MachineProperties properties =
        new MachineProperties(
            Duration.ofSeconds(60), Duration.ofHours(1), Duration.ofDays(180), Duration.ofDays(7));
    table = new MachineTable(database.jdbc());
    MachineSecretTable secrets = new MachineSecretTable(database.jdbc());
    MachineQueues queues = new MachineQueues(sites);
    desk =
        new MachineDesk(
            table,
            secrets,
            new MachineOpenings(queues, banned, demand),
            new MachinePilots(table, registry, pilots.get(SecretKeeper.class), endings),
            properties,
            database.transactions());
    administration =
        new MachineAdministration(
            table,
            new MachineBoard(database.jdbc(), properties),
            secrets,
            queues,
            registry,
            database.transactions());
    watch = new MachineWatch(table, secrets, endings, properties);
  }

  static Configuration.Queue queue(String name, int most) {
    return TestSites.queue(
        SITE, "vac", name, "Vacuum", 4, 1, most, Map.of("PilotOptions", "--idle=30s"));
  }

  static String secretOf(String name) {
    return name + "-".repeat(40);
  }

  MachineAnswer join(String name, @Nullable String voSecret) {
    return desk.join(new MachineJoin(secretOf(name), name, name + ".org", null, voSecret), HOME);
  }

  MachineAnswer ask(String name) {
    return desk.pilot(new MachineCall(secretOf(name), null), HOME);
  }

  MachineAnswer heartbeat(String name, @Nullable String stamp) {
    return desk.heartbeat(new MachineCall(secretOf(name), stamp), HOME);
  }

  /** A machine that an operator has let in; its number. */
  long letIn(String name) {
    String code = String.valueOf(join(name, null).code());
    return administration
        .approve(PilotRoom.admin(), new MachineApproval(code, SITE, null, null))
        .id();
  }

  static MachineAnswer.MachinePilot pilot(MachineAnswer answer) {
    MachineAnswer.MachinePilot pilot = answer.pilot();
    if (pilot == null) {
      throw new AssertionError(answer);
    }
    return pilot;
  }

  String stamp(MachineAnswer answer) {
    return pilot(answer).stamp();
  }

  /** Time passes for leases, codes and the rest after pilots. */
  void pass(Duration time) {
    database
        .jdbc()
        .sql(
            """
            UPDATE pilots.machine SET place_until = place_until - make_interval(secs => :t),
                   code_until = code_until - make_interval(secs => :t), last_seen = last_seen - make_interval(secs => :t)
            """)
        .param("t", time.toSeconds())
        .update();
    database
        .jdbc()
        .sql(
            """
            UPDATE pilots.pilot SET last_update_time = last_update_time - make_interval(secs => :t),
                   submission_time = submission_time - make_interval(secs => :t)
            """)
        .param("t", time.toSeconds())
        .update();
    database
        .jdbc()
        .sql("UPDATE pilots.machine_secret SET expires = expires - make_interval(secs => :t)")
        .param("t", time.toSeconds())
        .update();
  }
}
