package org.spinor.server.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/** The database this server talks to: its own or somebody else's. */
final class DatabaseServer implements AutoCloseable {
  private final @Nullable EmbeddedPostgres embedded;
  private final Notifications.Login login;

  private DatabaseServer(@Nullable EmbeddedPostgres embedded, Notifications.Login login) {
    this.embedded = embedded;
    this.login = login;
  }

  /**
   * @param url of an external database; empty: the embedded one in the data folder
   */
  static DatabaseServer open(Path data, Optional<String> url) {
    if (url.isPresent()) {
      return new DatabaseServer(null, login(url.get()));
    }
    EmbeddedPostgres postgres = new EmbeddedPostgres(data.toAbsolutePath().normalize(), true);
    return new DatabaseServer(
        postgres,
        new Notifications.Login(
            postgres.jdbcUrl("postgres"), postgres.user(), postgres.password()));
  }

  Notifications.Login login() {
    return login;
  }

  /**
   * Takes {@code postgresql://user:password@host/db}, the form everybody copies, and {@code
   * jdbc:postgresql:} alike.
   */
  static Notifications.Login login(String url) {
    String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
    try {
      URI uri = new URI(plain);
      String[] user = uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      if (uri.getHost() == null || !Set.of("postgresql", "postgres").contains(uri.getScheme())) {
        throw new URISyntaxException("", "no host, or not postgresql://");
      }
      return new Notifications.Login(
          "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query,
          user.length > 0 ? user[0] : System.getProperty("user.name"),
          user.length > 1 ? user[1] : "");
    } catch (URISyntaxException e) {
      // The address itself is not shown: it may hold a password.
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "--db-url: expected postgresql://user:password@host:5432/database, got something else: "
              + e.getReason());
    }
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
