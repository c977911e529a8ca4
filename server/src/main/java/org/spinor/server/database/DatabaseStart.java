package org.spinor.server.database;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.spinor.api.SpinorException;

/** A database that is being started while the rest of the server gets ready. */
public final class DatabaseStart implements AutoCloseable {
  private final CompletableFuture<DatabaseServer> server;
  private final AtomicBoolean handedOver = new AtomicBoolean();

  private DatabaseStart(CompletableFuture<DatabaseServer> server) {
    this.server = server;
  }

  /**
   * Returns at once.
   *
   * @param data the data folder
   * @param url of an external database; empty: the embedded one
   */
  public static DatabaseStart begin(Path data, Optional<String> url) {
    CompletableFuture<DatabaseServer> server = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("database-start")
        .daemon()
        .start(
            () -> {
              try {
                server.complete(DatabaseServer.open(data, url));
              } catch (RuntimeException | Error e) {
                server.completeExceptionally(e);
              }
            });
    return new DatabaseStart(server);
  }

  /**
   * The database, started; whoever asks closes it.
   *
   * @throws SpinorException it does not start
   */
  DatabaseServer await() {
    try {
      DatabaseServer started = server.join();
      handedOver.set(true);
      return started;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Stops the database if nobody came to take it. */
  @Override
  public void close() {
    if (handedOver.compareAndSet(false, true)) {
      server
          .handle(
              (started, failure) -> {
                if (started != null) {
                  started.close();
                }
                return true;
              })
          .join();
    }
  }
}
