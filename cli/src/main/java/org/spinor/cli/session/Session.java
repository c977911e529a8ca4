package org.spinor.cli.session;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.client.CredentialStore;
import org.spinor.client.Login;
import org.spinor.client.SpinorClient;

/**
 * The server that a command talks to and the login it does that with: SPINOR_TOKEN, else the
 * credentials file.
 */
public final class Session {
  /** Where a server listens unless somebody says otherwise. */
  public static final String DEFAULT_URL = "http://localhost:8000";

  private final URI server;
  private final CredentialStore store;
  private final Optional<String> givenToken;
  private final SpinorClient client;
  private @Nullable String token;
  private Instant tokenUntil = Instant.EPOCH;
  private final Context context;

  private Session(Context context, URI server) {
    this.context = context;
    this.server = server;
    this.givenToken = context.variable("SPINOR_TOKEN");
    this.store =
        new CredentialStore(CredentialStore.defaultPath(context.environment()), context.clock());
    this.client = SpinorClient.at(server, this::token);
    context.atEnd(client.transport()::close);
  }

  /**
   * @param url what the command line says; null: SPINOR_URL, DIRACX_URL, or this host
   */
  public static Session open(Context context, @Nullable String url) {
    String address =
        url != null
            ? url
            : context
                .variable("SPINOR_URL")
                .or(() -> context.variable("DIRACX_URL"))
                .orElse(DEFAULT_URL);
    return new Session(context, server(address));
  }

  private static URI server(String address) {
    String text = address.contains("://") ? address : "http://" + address;
    try {
      URI uri = new URI(text).parseServerAuthority();
      String scheme = uri.getScheme();
      if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
        throw new URISyntaxException(address, "no http address");
      }
      String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("/+$", "");
      if (!path.isEmpty()) {
        throw new URISyntaxException(address, "an address with a path");
      }
      return new URI(scheme, null, uri.getHost(), uri.getPort(), null, null, null);
    } catch (URISyntaxException e) {
      throw Failure.usage(
          "'" + address + "' is no address of a server (" + e.getReason() + ")",
          "give it as http://host:port, in --url or SPINOR_URL");
    }
  }

  public URI server() {
    return server;
  }

  public SpinorClient client() {
    return client;
  }

  public CredentialStore store() {
    return store;
  }

  /** Whether the token comes from the environment: then the credentials file is not looked at. */
  public boolean hasGivenToken() {
    return givenToken.isPresent();
  }

  /** A token for the next request; kept for a minute, then the file is asked again. */
  private synchronized @Nullable String token() {
    if (givenToken.isPresent()) {
      return givenToken.get();
    }
    Instant now = context.clock().instant();
    if (now.isBefore(tokenUntil)) {
      return token;
    }
    token = store.accessToken(this::renew).orElse(null);
    // that nobody is logged in is not remembered: this very command may change it
    tokenUntil = token == null ? Instant.EPOCH : now.plusSeconds(30);
    return token;
  }

  private TokenResponse renew(String refreshToken) {
    Supplier<@Nullable String> nobody = () -> null;
    Login login = new SpinorClient(client.transport().withToken(nobody)).login();
    try {
      return login.refresh(refreshToken);
    } catch (SpinorException e) {
      throw new Failure(
          ExitCode.NOT_LOGGED_IN,
          "the login has ended (" + e.getMessage() + ")",
          "log in again: spinor login");
    }
  }
}
