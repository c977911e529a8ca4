package org.spinor.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Spinor server, as its users see it. Thread-safe; one for each server and login.
 *
 * <pre>{@code
 * SpinorClient spinor = SpinorClient.at(URI.create("http://localhost:8000"), () -> token);
 * List<InsertedJob> jobs = spinor.jobs().submit(List.of("Executable = \"/bin/date\";"));
 * }</pre>
 *
 * Every call throws {@link org.spinor.api.SpinorException} where the server refuses, and {@link
 * ServerUnreachableException} where no answer comes.
 */
public final class SpinorClient {
  /** How long one request may take; submitting 100,000 jobs is one request. */
  public static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final Transport transport;

  public SpinorClient(Transport transport) {
    this.transport = transport;
  }

  /**
   * @param token asked before each request; null: the request goes without authorisation
   */
  public static SpinorClient at(URI server, Supplier<@Nullable String> token) {
    return new SpinorClient(new Transport(server, token, TIMEOUT));
  }

  public URI server() {
    return transport.server();
  }

  public Transport transport() {
    return transport;
  }

  public Jobs jobs() {
    return new Jobs(transport);
  }

  public Sandboxes sandboxes() {
    return new Sandboxes(transport);
  }

  public Pilots pilots() {
    return new Pilots(transport);
  }

  public Machines machines() {
    return new Machines(transport);
  }

  public Sites sites() {
    return new Sites(transport);
  }

  public Queues queues() {
    return new Queues(transport);
  }

  public Configuration configuration() {
    return new Configuration(transport);
  }

  public Tasks tasks() {
    return new Tasks(transport);
  }

  public Login login() {
    return new Login(transport);
  }

  /**
   * What the server says of its own health.
   *
   * @param probe {@code live}, {@code ready} or {@code startup}
   * @return whether the answer was yes
   */
  public boolean healthy(String probe) {
    HttpRequest request =
        transport.withToken(() -> null).request("/api/health/" + probe).GET().build();
    return transport.exchange(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
  }
}
