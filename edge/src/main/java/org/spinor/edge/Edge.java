package org.spinor.edge;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spinor.client.Json;
import org.spinor.edge.spool.LocalFolder;
import org.spinor.edge.spool.Spool;
import org.spinor.edge.spool.SpoolFolder;

/**
 * An edge agent. It holds no state that pilots would miss: what is on its way is in the spool, or
 * is asked again by whoever asked. Its folder has the key of its addresses and the files with which
 * pilots are started.
 */
public final class Edge implements AutoCloseable {
  private static final long STATUS_PAUSE = 5000;

  private final EdgeSettings settings;
  private final Consumer<String> log;
  private final Instant since = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final RandomAccessFile lockFile;
  private final FileLock lock;
  private final Outside outside;
  private final Relay relay;
  private final Optional<SpoolFolder> spool;
  private final Thread status = new Thread(this::keepStatus, "status");
  private @Nullable Listener listener;
  private @Nullable SpoolDesk desk;
  private volatile boolean over;

  private Edge(EdgeSettings settings, Consumer<String> log) throws IOException {
    this.settings = settings;
    this.log = log;
    Path state = settings.state();
    prepare(state);
    this.lockFile = new RandomAccessFile(state.resolve("lock").toFile(), "rw");
    this.lock = lock(lockFile, state);
    try {
      this.spool = settings.spool().map(LocalFolder::new).map(SpoolFolder::new);
      if (spool.isPresent()) {
        spool.get().prepare();
        spool.get().removeParts(Instant.MAX); // the lock says that there is no other edge
      }
      this.outside = Outside.of(settings.server());
      StartFiles files =
          new StartFiles(
              outside,
              spool.map(SpoolFolder::folder).orElse(new LocalFolder(state)),
              Spool.BUNDLES);
      files.prepare();
      this.relay = new Relay(outside, Addresses.of(state.resolve("key")), files);
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
  }

  /**
   * Starts an edge.
   *
   * @param log what people want to read, a line each
   * @throws IOException its folder, address or spool cannot be used; the message says why
   */
  public static Edge start(EdgeSettings settings, Consumer<String> log) throws IOException {
    Edge edge = new Edge(settings, log);
    try {
      edge.open();
      return edge;
    } catch (IOException e) {
      edge.close();
      throw e;
    }
  }

  private void open() throws IOException {
    if (settings.listen().isPresent()) {
      InetSocketAddress address = settings.listen().get();
      try {
        listener = new Listener(address, relay, parts(settings.state()), this::statusText);
      } catch (IOException e) {
        throw new IOException("cannot listen at " + shown(address) + ": " + e.getMessage(), e);
      }
    }
    if (spool.isPresent()) {
      desk =
          new SpoolDesk(
              spool.get(),
              new SpoolDesk.Surrounding(relay, this::statusText, log),
              SpoolDesk.Pace.NEAR);
    }
    status.setDaemon(true);
    status.start();
    log.accept("the edge of " + settings.server() + " serves" + places());
  }

  private String places() {
    StringBuilder text = new StringBuilder();
    Listener open = listener;
    if (open != null) {
      text.append(" at ").append(shown(open.address()));
    }
    spool.ifPresent(folder -> text.append(" in ").append(folder.folder().place()));
    return text.toString();
  }

  private static String shown(InetSocketAddress address) {
    return address.getAddress().isAnyLocalAddress()
        ? "port " + address.getPort() + " of all addresses"
        : address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** The port it listens at; empty: it listens nowhere. */
  public Optional<InetSocketAddress> address() {
    return Optional.ofNullable(listener).map(Listener::address);
  }

  private static void prepare(Path state) throws IOException {
    if (!Files.isDirectory(state)) {
      Files.createDirectories(state);
      Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** An empty folder for large bodies. */
  private static Path parts(Path state) throws IOException {
    Path parts = Files.createDirectories(state.resolve("parts"));
    try (DirectoryStream<Path> old = Files.newDirectoryStream(parts, "*.part")) {
      for (Path part : old) {
        Files.delete(part);
      }
    }
    return parts;
  }

  private static FileLock lock(RandomAccessFile file, Path state) throws IOException {
    try {
      FileLock lock = file.getChannel().tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // said below
    }
    file.close();
    throw new IOException(
        "another edge uses " + state + "; end it, or give this one a folder of its own: --state");
  }

  /** What it does now, by names for people and programs. */
  public SequencedMap<String, Object> status() {
    SequencedMap<String, Object> facts = new LinkedHashMap<>();
    Runtime java = Runtime.getRuntime();
    facts.put("server", settings.server().toString());
    facts.put("outside", outside.state());
    facts.put("serves", places().strip());
    facts.put("pid", ProcessHandle.current().pid());
    facts.put("since", since.toString());
    facts.put("now", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    SpoolDesk taking = desk;
    relay.count(facts, taking == null ? 0 : taking.waiting());
    facts.put("heap_kb", (java.totalMemory() - java.freeMemory()) / 1024);
    return facts;
  }

  private String statusText() {
    return Json.write(status());
  }

  /** What an edge with this folder last said of itself; empty: there was none. */
  public static Optional<String> lastStatus(Path state) {
    try {
      return Optional.of(Files.readString(state.resolve("status.json")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void keepStatus() {
    String before = "up";
    String complaint = "";
    long heap = Runtime.getRuntime().totalMemory();
    while (!over) {
      heap = giveBack(heap);
      String now = outside.state();
      if (now.equals("up") != before.equals("up")) {
        log.accept("the server is " + now);
      }
      before = now;
      try {
        writeStatus();
        complaint = "";
      } catch (IOException e) {
        String text = "the status cannot be written: " + e;
        if (!text.equals(complaint)) {
          log.accept(text);
          complaint = text;
        }
      }
      try {
        Thread.sleep(STATUS_PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /**
   * Java lets garbage grow to the limit of its heap before it looks at the old part of it, and an
   * edge lives on a host that others share: when the heap is half again as large as after the last
   * time, it is cleared and the rest given back.
   *
   * @param before bytes of the heap after the last time
   * @return bytes of the heap now
   */
  private static long giveBack(long before) {
    Runtime java = Runtime.getRuntime();
    if (java.totalMemory() <= before + before / 2) {
      return before;
    }
    System.gc();
    return java.totalMemory();
  }

  private void writeStatus() throws IOException {
    write(settings.state().resolve("status.json"), statusText());
  }

  private static void write(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, text + "\n");
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() {
    over = true;
    status.interrupt();
    if (listener != null) {
      listener.close();
    }
    if (desk != null) {
      desk.close();
    }
    outside.close();
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      // the end of the process does it
    }
  }

  /** Facts as lines for people. */
  public static String lines(Map<String, Object> facts) {
    StringBuilder text = new StringBuilder();
    facts.forEach((name, value) -> text.append(String.format("%-10s %s%n", name, value)));
    return text.toString();
  }
}
