package org.spinor.plugins.testbed.boinc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Batches, files and jobs of a project, and the volunteers that take jobs. */
public final class WorkUnits implements AutoCloseable {
  private final Path folder;
  private final List<Thread> clients = new ArrayList<>();
  private final AtomicInteger slots = new AtomicInteger();
  private final Map<Long, Batch> batches = new LinkedHashMap<>();
  private final Map<String, WorkUnitRun> jobs = new LinkedHashMap<>();
  private final List<WorkUnitRun> unsent = new ArrayList<>();
  private final Map<String, Integer> starts = new LinkedHashMap<>();
  private boolean closed;

  /** A batch; filled once it has jobs. */
  record Batch(long id, String name, boolean filled) {}

  /**
   * @param folder for files and slots
   */
  public WorkUnits(Path folder, List<Volunteer> volunteers) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("download"));
    volunteers.forEach(this::join);
  }

  /** Whether hosts can have names of their own on this machine. */
  public static boolean canNameHosts() throws IOException, InterruptedException {
    return WorkUnitRun.canNameHosts();
  }

  /** Another volunteer takes work from now on. */
  public synchronized void join(Volunteer volunteer) {
    for (int slot = 0; slot < volunteer.slots(); slot++) {
      clients.add(
          Thread.ofVirtual().name("volunteer-" + volunteer.name()).start(() -> work(volunteer)));
    }
  }

  private void work(Volunteer volunteer) {
    try {
      for (Optional<WorkUnitRun> next = take(); next.isPresent(); next = take()) {
        Path slot =
            folder
                .resolve("hosts")
                .resolve(volunteer.name())
                .resolve("slot" + slots.incrementAndGet());
        next.get().run(volunteer, slot);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private synchronized Optional<WorkUnitRun> take() throws InterruptedException {
    while (unsent.isEmpty() && !closed) {
      wait();
    }
    if (closed) {
      return Optional.empty();
    }
    WorkUnitRun next = unsent.removeFirst();
    if (next.errors() == 0) {
      starts.merge(next.name, 1, Integer::sum);
    }
    return Optional.of(next);
  }

  /** How often a job was given to a volunteer. */
  public synchronized int startsOf(String job) {
    return starts.getOrDefault(job, 0);
  }

  /** Names of all jobs that ever were. */
  public synchronized List<String> jobs() {
    return List.copyOf(jobs.keySet());
  }

  synchronized long create(String name) {
    long id = batches.size() + 1L;
    batches.put(id, new Batch(id, name, false));
    return id;
  }

  synchronized Batch batch(long id) {
    Batch batch = batches.get(id);
    if (batch == null) {
      throw new RpcException("no batch " + id);
    }
    return batch;
  }

  /** The first of this name, as a database without an order gives it. */
  synchronized Optional<Batch> batch(String name) {
    return batches.values().stream().filter(batch -> batch.name().equals(name)).findFirst();
  }

  synchronized void fill(Batch batch, String job, String file) {
    if (batch.filled()) {
      throw new RpcException("batch not in init state");
    }
    Path input = file(file);
    if (!Files.isRegularFile(input)) {
      throw new RpcException("create_work failed: no file " + file);
    }
    if (jobs.containsKey(job)) {
      throw new RpcException("create_work failed: Duplicate entry '" + job + "' for key 'name'");
    }
    WorkUnitRun unit = new WorkUnitRun(job, batch.id(), input);
    jobs.put(job, unit);
    batches.put(batch.id(), new Batch(batch.id(), batch.name(), true));
    unsent.add(unit);
    notifyAll();
  }

  synchronized WorkUnitRun job(String name) {
    WorkUnitRun job = jobs.get(name);
    if (job == null) {
      throw new RpcException("no such job");
    }
    return job;
  }

  synchronized List<WorkUnitRun> jobsOf(Batch batch) {
    return jobs.values().stream().filter(job -> job.batch == batch.id()).toList();
  }

  Path file(String name) {
    return folder.resolve("download").resolve(name);
  }

  @Override
  public void close() throws IOException {
    List<WorkUnitRun> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(jobs.values());
      notifyAll();
    }
    all.stream().filter(job -> !job.isOver()).forEach(WorkUnitRun::abort);
    clients.forEach(Thread::interrupt);
  }
}
