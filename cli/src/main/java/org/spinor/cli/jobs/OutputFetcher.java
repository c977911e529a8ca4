package org.spinor.cli.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.spinor.api.JobId;
import org.spinor.client.SandboxArchive;
import org.spinor.client.Sandboxes;
import org.spinor.client.SpinorClient;

/** Fetches the sandboxes of many jobs, several at a time. */
public final class OutputFetcher {
  /** So many at a time: enough to hide the network, few enough to be kind to the server. */
  private static final int AT_A_TIME = 16;

  private final SpinorClient client;
  private final boolean input;

  /**
   * @param input whether the input sandboxes are wanted, not the output ones
   */
  public OutputFetcher(SpinorClient client, boolean input) {
    this.client = client;
    this.input = input;
  }

  /**
   * Fetches for each job what it has.
   *
   * @param folder where the files of a job go
   * @param progress told how many jobs are through
   * @return one entry for each job, in the order of the jobs
   */
  public List<Fetched> fetch(
      Collection<JobId> jobs, Function<JobId, Path> folder, Progress progress) {
    AtomicInteger through = new AtomicInteger();
    Semaphore places = new Semaphore(AT_A_TIME);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Fetched>> futures =
          jobs.stream()
              .map(
                  id ->
                      executor.submit(
                          () -> {
                            places.acquire();
                            try {
                              return fetch(id, folder.apply(id));
                            } finally {
                              places.release();
                              progress.through(through.incrementAndGet());
                            }
                          }))
              .toList();
      List<Fetched> all = new ArrayList<>();
      for (Future<Fetched> future : futures) {
        all.add(result(future, executor));
      }
      return all;
    }
  }

  private Fetched fetch(JobId id, Path folder) throws IOException {
    Sandboxes sandboxes = client.sandboxes();
    Sandboxes.JobSandboxes names = sandboxes.of(id);
    List<Path> files = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    List<String> wanted = input ? names.input() : names.output();
    for (String pfn : wanted) {
      SandboxArchive.Unpacked unpacked = sandboxes.download(pfn, folder);
      files.addAll(unpacked.files());
      skipped.addAll(unpacked.skipped());
    }
    return new Fetched(id, !wanted.isEmpty(), files, skipped);
  }

  private static Fetched result(Future<Fetched> future, ExecutorService executor) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      executor.shutdownNow();
      throw switch (e.getCause()) {
        case RuntimeException fault -> fault;
        case IOException fault -> new UncheckedIOException("cannot fetch the files", fault);
        case null, default -> new IllegalStateException(e);
      };
    }
  }

  /** Told how far it is. */
  public interface Progress {
    void through(int jobs);
  }

  /**
   * What came of one job.
   *
   * @param any whether it has a sandbox at all
   * @param files the files written
   * @param skipped entries left out because they could lead out of the folder
   */
  public record Fetched(JobId id, boolean any, List<Path> files, List<String> skipped) {
    public Fetched {
      files = List.copyOf(files);
      skipped = List.copyOf(skipped);
    }
  }
}
