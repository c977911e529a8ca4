package org.spinor.edge;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.spinor.api.ErrorCode;
import org.spinor.edge.spool.Message;
import org.spinor.edge.spool.SpoolFolder;
import org.spinor.spi.computing.SiteFolder;

/**
 * Takes requests out of the spool. What is being answered is known by the file that is still there,
 * so a desk that starts again goes on where the last one broke off. Requests beyond those in hand
 * wait on disk. One listing says what came and what was taken back; no file is looked at by itself.
 */
final class SpoolDesk implements AutoCloseable {
  private static final int IN_HAND = 256;
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration FORGET = Duration.ofDays(1);
  private static final Duration TIDY = Duration.ofHours(1);

  /**
   * Bytes of an answer that is written at once; of larger ones only some at a time are on their
   * way.
   */
  private static final int SMALL = 32 * 1024;

  private static final int LARGE_AT_ONCE = 8;

  /** What is wrong with one request is mostly wrong with all of them. */
  private static final Duration BETWEEN_COMPLAINTS = Duration.ofSeconds(10);

  /**
   * How often it looks, and says that it lives.
   *
   * @param busy pause after a look that found something; it grows from there
   * @param idle the longest pause
   * @param failed the longest pause while the folder cannot be read
   */
  record Pace(Duration busy, Duration idle, Duration failed, Duration say) {
    /** Of a folder that this host sees itself. */
    static final Pace NEAR =
        new Pace(
            Duration.ofMillis(25),
            Duration.ofMillis(400),
            Duration.ofMillis(400),
            Duration.ofSeconds(5));

    /** Of one behind a connection: a look is some messages there and back. */
    static final Pace FAR =
        new Pace(
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20));
  }

  /** What surrounds it: who answers, what it says of itself, what people want to read. */
  record Surrounding(Relay relay, Supplier<String> status, Consumer<String> log) {}

  private final SpoolFolder spool;
  private final Surrounding surrounding;
  private final Pace pace;
  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  /** Requests of which nobody here knows whether they were answered. */
  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();

  private final Semaphore hands = new Semaphore(IN_HAND);
  private final Semaphore large = new Semaphore(LARGE_AT_ONCE, true);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread looking = new Thread(this::look, "spool");
  private final AtomicLong complained =
      new AtomicLong(System.nanoTime() - BETWEEN_COMPLAINTS.toNanos());
  private volatile Set<String> there = Set.of();
  private volatile SpoolState state = SpoolState.beginning();
  private volatile boolean over;
  private boolean ready;
  private long said = System.nanoTime() - Duration.ofDays(1).toNanos();
  private long tidied = said;

  SpoolDesk(SpoolFolder spool, Surrounding surrounding, Pace pace) {
    this.spool = spool;
    this.surrounding = surrounding;
    this.pace = pace;
    looking.setDaemon(true);
    looking.start();
  }

  /** Requests in the spool when it was last looked at. */
  int waiting() {
    return there.size();
  }

  /** Whether it can be read. */
  SpoolState state() {
    return state;
  }

  private void look() {
    long pause = pace.busy().toMillis();
    try {
      while (!over) {
        try {
          makeReady();
          boolean some = takeAll();
          pause =
              some
                  ? pace.busy().toMillis()
                  : Math.min(pace.idle().toMillis(), pause + Math.max(1, pause / 4));
          sayAndTidy();
          changed(state.works());
        } catch (IOException | RuntimeException e) {
          // said once, not twice a second
          changed(state.fails("the spool cannot be used: " + words(e)));
          ready = false;
          pause = Math.min(pace.failed().toMillis(), Math.max(pause, 500) * 2);
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private static String words(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private void changed(SpoolState now) {
    SpoolState before = state;
    state = now;
    if (!over && !before.isSame(now)) {
      surrounding.log().accept(now.toString());
    }
  }

  /** After the start and after trouble nobody knows what happened to the spool and its requests. */
  private void makeReady() throws IOException {
    if (!ready) {
      spool.prepare();
      doubtful.addAll(spool.requests());
      ready = true;
    }
  }

  private void sayAndTidy() throws IOException {
    long now = System.nanoTime();
    if (now - said > pace.say().toNanos()) {
      spool.say(surrounding.status().get());
      said = now;
    }
    if (now - tidied > TIDY.toNanos()) {
      Instant old = Instant.now().minus(FORGET);
      spool.removeClients(old);
      spool.removeParts(old);
      tidied = now;
    }
  }

  /** Whether there was anything new. */
  private boolean takeAll() throws IOException {
    List<String> names = spool.requests();
    there = Set.copyOf(names);
    doubtful.retainAll(there);
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
      // what is no name, and what was answered by one that broke off before it took it away
      if (!SpoolFolder.isName(name) || (doubtful.remove(name) && spool.isAnswered(name))) {
        spool.removeRequest(name);
      } else {
        answer(name);
      }
    } catch (IOException | RuntimeException e) {
      doubtful.add(name);
      long now = System.nanoTime();
      long last = complained.get();
      if (!over
          && now - last > BETWEEN_COMPLAINTS.toNanos()
          && complained.compareAndSet(last, now)) {
        surrounding.log().accept("request " + name + ": " + words(e));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the edge ends; the request stays
    } finally {
      taken.remove(name);
      hands.release();
    }
  }

  private void answer(String name) throws IOException, InterruptedException {
    Waiting client = new Waiting(name, System.nanoTime() + LONGEST.toNanos());
    byte[] beginning;
    try {
      beginning = spool.folder().begin(SpoolFolder.request(name), Message.LONGEST_HEAD);
    } catch (NoSuchFileException e) {
      return; // taken back, or taken away by us after it was listed
    }
    try (Answer answer = relayed(name, beginning, client)) {
      byte[] first = answer.body().readNBytes(SMALL);
      if (client.over()) {
        client.forget();
        return;
      }
      if (first.length < SMALL) {
        put(name, answer, out -> out.write(first));
      } else {
        large.acquire();
        try {
          put(
              name,
              answer,
              out -> {
                out.write(first);
                answer.body().transferTo(out);
              });
        } finally {
          large.release();
        }
      }
    }
    spool.removeRequest(name);
  }

  private void put(String name, Answer answer, SiteFolder.Content body) throws IOException {
    String status = Integer.toString(answer.status());
    spool.answer(name, Message.head(status, answer.headers()), body);
  }

  private Answer relayed(String name, byte[] beginning, Waiting client)
      throws IOException, InterruptedException {
    Message message;
    try {
      message = Message.of(beginning);
    } catch (IOException e) {
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
    Body body = body(SpoolFolder.request(name), message.bodyAt(), beginning);
    return surrounding.relay().answer(new Call(words[0], words[1], headers, body), client);
  }

  /** In memory where it came with the head. */
  private Body body(String request, long bodyAt, byte[] beginning) throws IOException {
    if (beginning.length < Message.LONGEST_HEAD) {
      int length = Math.toIntExact(beginning.length - bodyAt);
      byte[] content = new byte[length];
      System.arraycopy(beginning, beginning.length - length, content, 0, length);
      return new Body.Bytes(content);
    }
    SiteFolder folder = spool.folder();
    long size =
        folder.look(request).orElseThrow(() -> new NoSuchFileException(request)).size() - bodyAt;
    return new Body.Kept(() -> folder.read(request, bodyAt), size);
  }

  /** Whoever takes its request away waits no more, and nobody does for ever. */
  private final class Waiting implements Patience {
    private final String name;
    private final long end;

    Waiting(String name, long end) {
      this.name = name;
      this.end = end;
    }

    @Override
    public boolean over() {
      return late() || !there.contains(name);
    }

    private boolean late() {
      return System.nanoTime() - end >= 0;
    }

    /** One that a listing did not show may be there all the same: it is taken again. */
    void forget() throws IOException {
      if (late()) {
        spool.removeRequest(name);
      }
    }

    @Override
    public Duration left() {
      return over() ? Duration.ZERO : Duration.ofNanos(end - System.nanoTime());
    }
  }

  @Override
  public void close() {
    over = true;
    looking.interrupt();
    workers.shutdownNow();
  }
}
