package org.spinor.edge.spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client without a network: puts each request into the spool and waits for its answer
 * there. Whatever address a request names, it is the edge that answers. Bodies go through files.
 * Handlers of bodies that take all that comes work with it, as those for strings and files do.
 * Thread-safe.
 */
public final class SpoolClient extends HttpClient {
  /** An edge may be started again in between: an answer may take so long at least. */
  private static final Duration LEAST_PATIENCE = Duration.ofMinutes(2);

  private static final long FIRST_LOOK = 20;
  private static final long LONGEST_LOOK = 500;
  private static final int PIECE = 16 * 1024;

  private final Spool spool;
  private final String client;
  private final Duration leastPatience;

  /** Network file systems show what others did to a folder a minute later at most. */
  private final Duration settling;

  private final AtomicLong number = new AtomicLong();

  /** A client of its own name. */
  public SpoolClient(Path folder) {
    this(folder, LEAST_PATIENCE);
  }

  /**
   * @param leastPatience requests with a shorter time limit wait so long all the same; half of it,
   *     if somebody took them away
   */
  public SpoolClient(Path folder, Duration leastPatience) {
    this.spool = new Spool(folder);
    this.client = "p-" + UUID.randomUUID();
    this.leastPatience = leastPatience;
    this.settling = leastPatience.dividedBy(2);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    String name = Spool.name(client, number.incrementAndGet());
    Path answers = spool.answers(client);
    Files.createDirectories(answers);
    spool.ask(name, head(request), body(request));
    Path answer = spool.placeOfAnswer(name);
    try {
      await(name, patience(request));
      Message message = Message.read(answer);
      return response(request, message, answer, handler);
    } finally {
      // in this order: an edge that starts now must not take the request for one without an answer
      Files.deleteIfExists(spool.request(name));
      Files.deleteIfExists(answer);
    }
  }

  private static byte[] head(HttpRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    request.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    String query = request.uri().getRawQuery();
    return Message.head(
        request.method() + " " + request.uri().getRawPath() + (query == null ? "" : "?" + query),
        headers);
  }

  private static Message.BodyWriter body(HttpRequest request) {
    return out -> {
      Optional<HttpRequest.BodyPublisher> publisher = request.bodyPublisher();
      if (publisher.isPresent()) {
        Writer writer = new Writer(out);
        publisher.get().subscribe(writer);
        writer.await();
      }
    };
  }

  private Duration patience(HttpRequest request) {
    Duration asked = request.timeout().orElse(leastPatience);
    return asked.compareTo(leastPatience) > 0 ? asked : leastPatience;
  }

  /** Looks until the answer is there; gives up a request that went without one. */
  private void await(String name, Duration patience) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    long pause = FIRST_LOOK;
    OptionalLong gone = OptionalLong.empty();
    while (!isThere(spool.answers(client), spool.placeOfAnswer(name))) {
      long now = System.nanoTime();
      if (gone.isPresent() && now - gone.getAsLong() >= settling.toNanos()) {
        throw new IOException(
            "somebody took a request away and left no answer, in " + spool.folder());
      }
      if (Files.exists(spool.request(name))) {
        gone = OptionalLong.empty();
      } else if (gone.isEmpty()) {
        gone = OptionalLong.of(now);
      }
      if (now - end >= 0) {
        throw new HttpTimeoutException(
            "no answer in "
                + patience.toSeconds()
                + " s from the edge at "
                + spool.folder()
                + ", which "
                + spool.lastSaid().map(said -> "last said: " + said).orElse("never ran there"));
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_LOOK, pause + pause / 2);
    }
  }

  /** Reading the folder makes network file systems look anew. */
  private static boolean isThere(Path folder, Path file) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path found : files) {
        if (found.equals(file)) {
          return true;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return false;
  }

  private static <T> HttpResponse<T> response(
      HttpRequest request, Message message, Path file, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    if (!message.first().matches("[1-5][0-9]{2}")) {
      throw new IOException(file + " is no answer");
    }
    int status = Integer.parseInt(message.first());
    Map<String, List<String>> lists = new LinkedHashMap<>();
    message.headers().forEach((name, value) -> lists.put(name, List.of(value)));
    HttpHeaders headers = HttpHeaders.of(lists, (_, _) -> true);
    HttpResponse.BodySubscriber<T> subscriber = handler.apply(new Info(status, headers));
    subscriber.onSubscribe(new Nothing());
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(message.bodyAt());
      for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
        subscriber.onNext(List.of(ByteBuffer.wrap(piece)));
      }
      subscriber.onComplete();
    } catch (IOException e) {
      subscriber.onError(e);
      throw e;
    }
    T body = subscriber.getBody().toCompletableFuture().join();
    return new Response<>(request, status, headers, body);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    CompletableFuture<HttpResponse<T>> future = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                future.complete(send(request, handler));
              } catch (IOException | InterruptedException | RuntimeException e) {
                future.completeExceptionally(e);
              }
            });
    return future;
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      HttpResponse.BodyHandler<T> handler,
      HttpResponse.@Nullable PushPromiseHandler<T> push) {
    return sendAsync(request, handler);
  }

  /** Takes the place of its answers away. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(spool.answers(client));
    } catch (IOException e) {
      // the edge removes it later
    }
  }

  @Override
  public void shutdownNow() {
    close();
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return Optional.empty();
  }

  @Override
  public Redirect followRedirects() {
    return Redirect.NEVER;
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return Optional.empty();
  }

  @Override
  public SSLContext sslContext() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public SSLParameters sslParameters() {
    return new SSLParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return Optional.empty();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public Optional<Executor> executor() {
    return Optional.empty();
  }

  private record Info(int statusCode, HttpHeaders headers) implements HttpResponse.ResponseInfo {
    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  /** Everything comes at once, whatever is asked for. */
  private record Nothing() implements Flow.Subscription {
    @Override
    public void request(long count) {
      // it comes
    }

    @Override
    public void cancel() {
      // nobody looks
    }
  }

  private record Response<T>(HttpRequest request, int statusCode, HttpHeaders headers, T body)
      implements HttpResponse<T> {
    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public Optional<javax.net.ssl.SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public java.net.URI uri() {
      return request.uri();
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  /** Writes what a publisher has, one piece after the other. */
  private static final class Writer implements Flow.Subscriber<ByteBuffer> {
    private final WritableByteChannel out;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    Writer(OutputStream out) {
      this.out = Channels.newChannel(out);
    }

    void await() throws IOException {
      try {
        done.join();
      } catch (java.util.concurrent.CompletionException e) {
        throw new IOException("the body cannot be written: " + e.getCause(), e);
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(ByteBuffer piece) {
      try {
        while (piece.hasRemaining()) {
          out.write(piece);
        }
      } catch (IOException e) {
        done.completeExceptionally(e);
        if (subscription != null) {
          subscription.cancel();
        }
        return;
      }
      if (subscription != null) {
        subscription.request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete(true);
    }
  }
}
