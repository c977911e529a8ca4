package org.spinor.server.jobs;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.Partitions;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.database.Transactions;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The room on a database of its own, wired as in the server but for its controllers; other rooms
 * are fakes. Every event is kept.
 */
public final class JobsFixture implements AutoCloseable {
  public final TestDatabase database = TestDatabase.fresh();
  public final TestConfigurations configurations = new TestConfigurations();
  public final FakeClasses classes = new FakeClasses();
  public final Map<String, String> badSandboxes = new TreeMap<>();
  public final Set<String> unheardPilots = new HashSet<>();
  public final List<Object> events = Collections.synchronizedList(new ArrayList<>());
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  /** Gives classes numbers in the order in which they come. */
  public static final class FakeClasses implements RequirementClasses {
    public final Map<Requirements, Integer> numbers =
        Collections.synchronizedMap(new java.util.LinkedHashMap<>());

    @Override
    public Map<Requirements, Integer> numbersOf(Set<Requirements> requirements) {
      Map<Requirements, Integer> found = new java.util.HashMap<>();
      for (Requirements one : requirements) {
        found.put(one, numbers.computeIfAbsent(one, key -> numbers.size() + 1));
      }
      return found;
    }
  }

  public JobsFixture() {
    context.registerBean(JdbcClient.class, database::jdbc);
    context.registerBean(javax.sql.DataSource.class, database::dataSource);
    context.registerBean(Transactions.class, database::transactions);
    context.registerBean(Notifications.class, database::notifications);
    context.registerBean(Configurations.class, () -> configurations);
    context.registerBean(RequirementClasses.class, () -> classes);
    context.registerBean(SandboxCheck.class, () -> (vo, owner, group, names) -> bad(names));
    context.registerBean(Unheard.class, () -> () -> this::unheard);
    context.addApplicationListener(
        (ApplicationListener<PayloadApplicationEvent<?>>) event -> events.add(event.getPayload()));
    context.registerBean(
        Partitions.class, () -> new Partitions(database.jdbc(), database.transactions()));
    context.registerBean(
        JobsProperties.class,
        () ->
            new JobsProperties(
                Duration.ofDays(7), Duration.ofDays(1), Duration.ofDays(100), Duration.ofDays(30)));
    context.registerBean(Clock.class, Clock::systemUTC);
    context.scan("org.spinor.server.jobs");
    context.refresh();
  }

  private Map<String, String> bad(Set<String> names) {
    Map<String, String> found = new TreeMap<>(badSandboxes);
    found.keySet().retainAll(names);
    return found;
  }

  private Set<String> unheard(Collection<String> pilots) {
    Set<String> found = new HashSet<>(unheardPilots);
    found.retainAll(pilots);
    return found;
  }

  public <T> T get(Class<T> type) {
    return context.getBean(type);
  }

  public JdbcClient jdbc() {
    return database.jdbc();
  }

  /** Events of one kind, in their order. */
  public <T> List<T> events(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** A job in the line, without a submission. */
  public long waitingJob(String owner, int classNumber, int priority) {
    return jdbc()
        .sql(
            """
            INSERT INTO jobs.job (job_id, template_id, submission_time, last_update_time, status_time, class_number, user_priority,
              job_type, job_group, site, wanted_site, job_name, owner, owner_group, vo, status, minor_status, application_status)
            VALUES (nextval('jobs.job_id'), 0, now(), now(), now(), :class, :priority, 'User', '00000000', 'ANY', 'ANY', 'job',
              :owner, 'user', 'vo', 'Waiting', 'Pilot Agent Submission', 'Unknown')
            RETURNING job_id
            """)
        .param("class", classNumber)
        .param("priority", priority)
        .param("owner", owner)
        .query(Long.class)
        .single();
  }

  /** Gives a job to a pilot. */
  public JobClaims.Claimed claim(long jobId, String pilot) {
    return get(JobClaims.class)
        .claim(
            List.of(
                new JobClaims.Claim(
                    jobId, pilot, "LCG.CERN.ch", "ce1", "r" + jobId, 1, 2000, false, "")))
        .getFirst()
        .orElseThrow();
  }

  public String column(long jobId, String column) {
    return jdbc()
        .sql("SELECT coalesce((" + column + ")::text, 'null') FROM jobs.job WHERE job_id = :id")
        .param("id", jobId)
        .query(String.class)
        .single();
  }

  /** The log as {@code status/minor/source}, in the order of the reports' times. */
  public List<String> log(long jobId) {
    return jdbc()
        .sql(
            """
            SELECT concat(status, '/', minor_status, '/', source) FROM jobs.logging
            WHERE job_id = :id ORDER BY status_time, seq
            """)
        .param("id", jobId)
        .query((row, n) -> row.getString(1))
        .list();
  }

  public Optional<Integer> leaseAttempt(long jobId) {
    return jdbc()
        .sql("SELECT attempt FROM jobs.lease WHERE job_id = :id")
        .param("id", jobId)
        .query(Integer.class)
        .optional();
  }

  /** As if the last sign of life were long ago. */
  public void age(long jobId) {
    jdbc()
        .sql("UPDATE jobs.lease SET lease_until = now() - interval '1 second' WHERE job_id = :id")
        .param("id", jobId)
        .update();
  }

  @Override
  public void close() {
    context.close();
    database.close();
  }
}
