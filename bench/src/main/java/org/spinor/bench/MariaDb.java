package org.spinor.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A MariaDB server of the benchmark's own: as durable as PostgreSQL beside it (each commit is on
 * the disk), with room for all tables in memory, and no binary log to write.
 */
final class MariaDb implements AutoCloseable {
  private static final String BUFFER_POOL = "2G";

  private final Path folder;
  private final int port;
  private final Child server;

  private MariaDb(Path folder, int port, Child server) {
    this.folder = folder;
    this.port = port;
    this.server = server;
  }

  static MariaDb start(Path folder, int port) {
    Path data = folder.resolve("mariadb");
    List<String> install =
        new ArrayList<>(
            List.of(
                program("mariadb-install-db"),
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--datadir=" + data));
    List<String> serve =
        new ArrayList<>(
            List.of(
                program("mariadbd"),
                "--no-defaults",
                "--datadir=" + data,
                "--socket=" + folder.resolve("mariadb.sock"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--skip-log-bin",
                "--skip-name-resolve",
                "--max-connections=500",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-log-file-size=1G",
                "--innodb-buffer-pool-size=" + BUFFER_POOL));
    if (System.getProperty("user.name").equals("root")) {
      install.add("--user=root");
      serve.add("--user=root");
    }
    Child.run(folder.resolve("mariadb-install.log"), install);
    return new MariaDb(folder, port, Child.start(folder.resolve("mariadb.log"), Map.of(), serve));
  }

  /** Says at once what is missing, before anything else is fetched or started. */
  static void requireInstalled() {
    List.of("mariadbd", "mariadb-install-db", "mariadb").forEach(MariaDb::program);
  }

  private static String program(String name) {
    // Servers stand where the PATH of ordinary users does not lead.
    Stream<String> folders =
        Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
            Stream.of("/usr/sbin", "/usr/local/sbin"));
    return folders
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new MissingException(
                    "needs MariaDB's server, no " + name + " here: apt-get install mariadb-server"))
        .toString();
  }

  /** Where its databases are, without their names, in the words of SQLAlchemy. */
  String address() {
    return "mysql+aiomysql://root@127.0.0.1:" + port + "/";
  }

  long cpuMillis() {
    return server.cpuMillis();
  }

  void execute(String sql) {
    server.requireAlive();
    Child.run(
        folder.resolve("mariadb-client.log"),
        List.of(
            program("mariadb"),
            "--no-defaults",
            "--host=127.0.0.1",
            "--port=" + port,
            "--user=root",
            "--execute=" + sql));
  }

  @Override
  public void close() {
    server.close();
  }
}
