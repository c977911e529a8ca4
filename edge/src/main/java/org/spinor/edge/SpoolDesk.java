package org.spinor.edge;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.spinor.api.ErrorCode;
import org.spinor.edge.spool.Message;
import org.spinor.edge.spool.Spool;

/**
 * Takes requests out of the spool. What is being answered is known by the file that is still there,
 * so a desk that starts again goes on where the last one broke off. Requests beyond those in hand
 * wait on disk.
 */
final class SpoolDesk implements AutoCloseable {
  private static final int IN_HAND = 256;
  private static final long BUSY_PAUSE = 25;
  private static final long IDLE_PAUSE = 400;
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration FORGET = Duration.ofDays(1);
  private static final int COPY = 8192;

  private final Spool spool;
  private final Relay relay;
  private final Consumer<String> log;
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Semaphore hands = new Semaphore(IN_HAND);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread looking = new Thread(this::look, "spool");
  private volatile int waiting;
  private volatile boolean over;

  /**
   * @param spool prepared
   */
  SpoolDesk(Spool spool, Relay relay, Consumer<String> log) throws IOException {
    this.spool = spool;
    this.relay = relay;
    this.log = log;
    spool.removeParts();
    looking.start();
  }

  /** Requests in the spool when it was last looked at. */
  int waiting() {
    return waiting;
  }

  private void look() {
    long pause = BUSY_PAUSE;
    String complaint = "";
    long forgotten = System.nanoTime() - FORGET.toNanos();
    while (!over) {
      try {
        pause = takeAll() ? BUSY_PAUSE : Math.min(IDLE_PAUSE, pause + pause / 4);
        if (System.nanoTime() - forgotten > Duration.ofHours(1).toNanos()) {
          forgetOld();
          forgotten = System.nanoTime();
        }
        complaint = "";
        Thread.sleep(pause);
      } catch (IOException e) {
        // said once, not twice a second
        String text = "the spool cannot be read: " + e;
        if (!text.equals(complaint)) {
          log.accept(text);
          complaint = text;
        }
        pause = sleepAfterFailure();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private long sleepAfterFailure() {
    try {
      Thread.sleep(IDLE_PAUSE);
    } catch (InterruptedException e) {
      over = true;
    }
    return IDLE_PAUSE;
  }

  /** Whether there was anything new. */
  private boolean takeAll() throws IOException {
    List<String> names = spool.requests();
    waiting = names.size();
    boolean some = false;
    for (String name : names) {
      if (!taken.contains(name) && hands.tryAcquire()) {
        taken.add(name);
        some = true;
        workers.execute(() -> handle(name));
      }
    }
    return some;
  }

  private void handle(String name) {
    try {
      if (!Spool.isName(name)) {
        Files.deleteIfExists(spool.request(name));
      } else if (spool.isAnswered(name)) {
        // answered by an edge that broke off before it took the request away
        Files.deleteIfExists(spool.request(name));
      } else {
        answer(name);
      }
    } catch (IOException | RuntimeException e) {
      log.accept("request " + name + ": " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the edge ends; the request stays
    } finally {
      taken.remove(name);
      hands.release();
    }
  }

  private void answer(String name) throws IOException, InterruptedException {
    Path request = spool.request(name);
    Waiting client = new Waiting(request, System.nanoTime() + LONGEST.toNanos());
    try (Answer answer = relayed(request, client)) {
      if (!client.over()) {
        Map<String, String> headers = answer.headers();
        spool.answer(
            name,
            Message.head(Integer.toString(answer.status()), headers),
            out -> {
              byte[] buffer = new byte[COPY];
              int read = answer.body().read(buffer);
              while (read >= 0) {
                out.write(buffer, 0, read);
                read = answer.body().read(buffer);
              }
            });
      }
    }
    Files.deleteIfExists(request);
  }

  private Answer relayed(Path request, Waiting client) throws IOException, InterruptedException {
    Message message;
    long length;
    try {
      message = Message.read(request);
      length = Files.size(request) - message.bodyAt();
    } catch (IOException e) {
      if (client.over()) {
        return Answer.problem(ErrorCode.INVALID_REQUEST, "withdrawn");
      }
      return Answer.problem(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
    String[] words = message.first().split(" ", 2);
    if (words.length != 2) {
      return Answer.problem(ErrorCode.INVALID_REQUEST, "a request begins with METHOD PATH");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String passed : Call.PASSED) {
      message.headers().entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(passed))
          .findFirst()
          .ifPresent(header -> headers.put(passed, header.getValue()));
    }
    Body body = new Body.FilePart(request, message.bodyAt(), length);
    return relay.answer(new Call(words[0], words[1], headers, body), client);
  }

  /** Whoever takes its request away waits no more. */
  private record Waiting(Path request, long end) implements Patience {
    @Override
    public boolean over() {
      return System.nanoTime() - end >= 0 || !Files.exists(request);
    }

    @Override
    public Duration left() {
      return over() ? Duration.ZERO : Duration.ofNanos(end - System.nanoTime());
    }
  }

  /** Places of clients that ended without a word. */
  private void forgetOld() throws IOException {
    Instant old = Instant.now().minus(FORGET);
    try (DirectoryStream<Path> clients =
        Files.newDirectoryStream(spool.folder().resolve("answers"))) {
      for (Path client : clients) {
        if (Files.getLastModifiedTime(client).toInstant().isBefore(old)) {
          try (DirectoryStream<Path> answers = Files.newDirectoryStream(client)) {
            for (Path answer : answers) {
              Files.deleteIfExists(answer);
            }
          }
          Files.deleteIfExists(client);
        }
      }
    }
  }

  @Override
  public void close() {
    over = true;
    looking.interrupt();
    workers.shutdownNow();
  }
}
