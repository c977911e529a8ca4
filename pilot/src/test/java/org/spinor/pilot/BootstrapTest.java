package org.spinor.pilot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spinor.api.PilotStatus;
import org.spinor.pilot.fake.FakePilots;
import org.spinor.pilot.fake.FakeServer;
import org.spinor.pilot.node.Host;

/** The bootstrap, with a bundle whose pilot is a script. */
@Timeout(240)
class BootstrapTest {
  private static final Path SCRIPT = Path.of("src/main/sh/bootstrap.sh").toAbsolutePath();
  private static final String PLATFORM =
      System.getProperty("os.name").toLowerCase(Locale.ROOT)
          + "-"
          + System.getProperty("os.arch").replace("amd64", "x86_64");
  private static final String BUNDLE = "/pilot/bundles/" + PLATFORM + ".tar.gz";

  @TempDir Path folder;
  private FakeServer server;
  private Path results;

  @BeforeEach
  void prepare() throws Exception {
    server = new FakeServer();
    results = Files.createDirectory(folder.resolve("results"));
    publish(
        """
        #!/bin/sh
        [ "$1" = --version ] && { echo fake-pilot; exit 0; }
        for argument; do echo "$argument"; done >"$RESULTS/arguments.$$"
        cp secret bootstrap.log "$RESULTS/"
        pwd >"$RESULTS/pwd"
        [ -z "$BEHAVIOUR" ] || eval "$BEHAVIOUR"
        exit 7
        """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "busybox sh"})
  void bringsThePilotAndBecomesIt(String shell) throws Exception {
    assumeThat(Host.real().hasProgram(shell.split(" ")[0])).isTrue();
    Run run = run(shell, settings());
    assertThat(run.code()).as(run.text()).isEqualTo(7);
    String work = Files.readString(results.resolve("pwd")).strip();
    assertThat(arguments())
        .contains("--server=" + server.uri(), "--stamp=stamp1", "--work-dir=" + work)
        .contains("--site=LCG.Test.org", "--cores=2", "--bootstrap-log=" + work + "/bootstrap.log")
        .contains("--secret-origin=" + folder + "/secret")
        .noneMatch(argument -> argument.contains(FakePilots.SECRET));
    assertThat(results.resolve("secret")).content().isEqualTo(FakePilots.SECRET + "\n");
    assertThat(results.resolve("bootstrap.log")).content().contains("[bootstrap] pilot stamp1 on ");
    assertThat(run.text()).doesNotContain(FakePilots.SECRET);
    FakeServer.await("the work directory is removed", () -> !Files.exists(Path.of(work)));
    // the second one finds the bundle in the cache
    assertThat(run(shell, settings()).code()).isEqualTo(7);
    assertThat(server.requests().stream().filter(("GET " + BUNDLE)::equals)).hasSize(1);
  }

  @Test
  void aWrongChecksumIsRefusedAndTold() throws Exception {
    server.file(BUNDLE, "something else".getBytes(StandardCharsets.UTF_8));
    Run run = run("sh", settings());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.text().lines().filter(line -> line.contains("ERROR")))
        .singleElement()
        .asString()
        .contains("has the checksum", "it is not used");
    assertThat(Files.exists(results.resolve("pwd"))).isFalse();
    assertThat(server.pilots().log()).contains("has the checksum", "[bootstrap] pilot stamp1");
    assertThat(server.pilots().metadata().getLast().status()).isEqualTo(PilotStatus.Failed);
    assertThat(server.pilots().metadata().getLast().statusReason())
        .startsWith("bootstrap: the bundle from ");
    assertThat(folder.resolve("work")).isEmptyDirectory();
    assertThat(folder.resolve("cache")).isEmptyDirectory();
  }

  @Test
  void aServerThatIsDownIsTriedAgainAndThenNamed() throws Exception {
    server.down(true);
    Run run = run("sh", settings());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.text()).contains("again in 0 s").contains(".sha256 cannot be fetched: ");
    assertThat(server.requests().stream().filter(("GET " + BUNDLE + ".sha256")::equals).count())
        .isGreaterThanOrEqualTo(8);
  }

  @Test
  void wgetServesWhereCurlIsMissing() throws Exception {
    Map<String, String> settings = settings();
    settings.put("PATH", pathWithout("curl").toString());
    Run run = run("/bin/sh", settings);
    assertThat(run.code()).as(run.text()).isEqualTo(7);
    server.file(BUNDLE + ".sha256", "no checksum\n".getBytes(StandardCharsets.UTF_8));
    Run failed = run("/bin/sh", settings);
    assertThat(failed.code()).isEqualTo(1);
    assertThat(server.pilots().log()).contains("is no checksum");
    assertThat(server.pilots().metadata().getLast().status()).isEqualTo(PilotStatus.Failed);
  }

  @Test
  void withoutBothItSaysSo() throws Exception {
    Map<String, String> settings = settings();
    settings.put("PATH", pathWithout("curl", "wget").toString());
    Run run = run("/bin/sh", settings);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.text()).contains("neither curl nor wget is on this machine");
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    for (String name : List.of("SPINOR_SERVER", "SPINOR_PILOT_STAMP", "SPINOR_PILOT_SECRET_FILE")) {
      Map<String, String> settings = settings();
      settings.remove(name);
      Run run = run("sh", settings);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.text()).contains(name);
    }
  }

  @Test
  void settingsComeFromAFileTooAndAreNotRunAsShell() throws Exception {
    Path file = folder.resolve("settings");
    Files.writeString(
        file,
        "# a pilot\nSPINOR_SERVER="
            + server.uri()
            + "/\nSPINOR_PILOT_STAMP=stamp1\n"
            + "SPINOR_PILOT_SECRET="
            + FakePilots.SECRET
            + "\n"
            + "SPINOR_PILOT_OPTIONS=--site=$(touch${IFS}"
            + folder
            + "/evil)\n"
            + "SPINOR_WORK_DIR="
            + folder.resolve("work")
            + "\n"
            + "SPINOR_CACHE_DIR="
            + folder.resolve("cache"));
    Map<String, String> none =
        new LinkedHashMap<>(Map.of("PATH", path(), "RESULTS", results.toString()));
    Run run = run("sh", none, file.toString());
    assertThat(run.code()).as(run.text()).isEqualTo(7);
    assertThat(arguments()).contains("--site=$(touch${IFS}" + folder + "/evil)");
    assertThat(folder.resolve("evil")).doesNotExist();
    assertThat(results.resolve("secret")).content().isEqualTo(FakePilots.SECRET + "\n");
    Files.writeString(file, "rm -rf something\n");
    assertThat(run("sh", none, file.toString()).code()).isEqualTo(2);
  }

  @Test
  void manyAtOnceFetchTheBundleOnce() throws Exception {
    List<Process> pilots = new ArrayList<>();
    Map<String, String> settings = settings();
    for (int i = 0; i < 12; i++) {
      pilots.add(start("sh", settings, folder.resolve("out" + i)));
    }
    for (Process pilot : pilots) {
      assertThat(pilot.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(pilot.exitValue()).isEqualTo(7);
    }
    assertThat(server.requests().stream().filter(("GET " + BUNDLE)::equals)).hasSize(1);
    try (Stream<Path> left = Files.list(folder.resolve("cache"))) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void theLockOfOneThatIsGoneIsTakenOver() throws Exception {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    String checksum = new String(fileOf(BUNDLE + ".sha256"), StandardCharsets.UTF_8).split(" ")[0];
    Path lock = Files.createDirectory(cache.resolve("lock-" + checksum));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Process uname = new ProcessBuilder("uname", "-n").start();
    String host = new String(uname.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    Files.writeString(lock.resolve("owner"), host + " " + gone.pid() + "\n");
    Run run = run("sh", settings());
    assertThat(run.code()).as(run.text()).isEqualTo(7);
    assertThat(run.text()).contains("taking over the lock");
  }

  @Test
  void sigtermReachesThePilot() throws Exception {
    Map<String, String> settings = settings();
    settings.put(
        "BEHAVIOUR",
        "trap 'echo told >$RESULTS/term; exit 5' TERM; >$RESULTS/ready; while :; do sleep 0.1; done");
    Process pilot = start("sh", settings, folder.resolve("out"));
    FakeServer.await("it runs", () -> Files.exists(results.resolve("ready")));
    pilot.destroy();
    assertThat(pilot.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(pilot.exitValue()).isEqualTo(5);
    assertThat(results.resolve("term")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void afterKill9TheWorkDirectoryIsRemoved(String shell) throws Exception {
    assumeThat(Host.real().hasProgram(shell.split(" ")[0])).isTrue();
    Map<String, String> settings = settings();
    settings.put("BEHAVIOUR", "mkdir -p deep/er; chmod 500 deep; >$RESULTS/ready; exec sleep 1000");
    Process pilot = start(shell, settings, folder.resolve("out"));
    FakeServer.await("it runs", () -> Files.exists(results.resolve("ready")));
    Path work = Path.of(Files.readString(results.resolve("pwd")).strip());
    assertThat(work).exists();
    pilot.destroyForcibly();
    FakeServer.await("the work directory is removed", () -> !Files.exists(work));
  }

  @Test
  void whatAnEarlierPilotLeftIsRemoved() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Process uname = new ProcessBuilder("uname", "-n").start();
    String host = new String(uname.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    Path left = Files.createDirectories(folder.resolve("work/spinor-pilot-old-1"));
    Files.writeString(left.resolve("owner"), host + " " + gone.pid() + "\n");
    Path alive = Files.createDirectories(folder.resolve("work/spinor-pilot-other-2"));
    Files.writeString(alive.resolve("owner"), host + " " + ProcessHandle.current().pid() + "\n");
    Path elsewhere = Files.createDirectories(folder.resolve("work/spinor-pilot-far-3"));
    Files.writeString(elsewhere.resolve("owner"), "other.host 1\n");
    assertThat(run("sh", settings()).code()).isEqualTo(7);
    assertThat(left).doesNotExist();
    assertThat(alive).exists();
    assertThat(elsewhere).exists();
  }

  private Map<String, String> settings() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), FakePilots.SECRET + "\n");
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("PATH", path());
    settings.put("RESULTS", results.toString());
    settings.put("SPINOR_SERVER", server.uri().toString());
    settings.put("SPINOR_PILOT_STAMP", "stamp1");
    settings.put("SPINOR_PILOT_SECRET_FILE", secret.toString());
    settings.put("SPINOR_SITE", "LCG.Test.org");
    settings.put("SPINOR_PILOT_OPTIONS", "--cores=2 --idle=5s");
    settings.put("SPINOR_WORK_DIR", folder.resolve("work").toString());
    settings.put("SPINOR_CACHE_DIR", folder.resolve("cache").toString());
    settings.put("SPINOR_RETRY_PAUSE", "0");
    return settings;
  }

  private static String path() {
    return System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
  }

  /** A folder with what the bootstrap may use. */
  private Path pathWithout(String... missing) throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String program :
        List.of(
            "sh",
            "tar",
            "gzip",
            "curl",
            "wget",
            "date",
            "uname",
            "mkdir",
            "rm",
            "mv",
            "cat",
            "cp",
            "sed",
            "tr",
            "cut",
            "id",
            "sleep",
            "touch",
            "find",
            "mkfifo",
            "setsid",
            "sha256sum",
            "chmod",
            "dirname")) {
      for (String place : List.of("/usr/bin", "/bin")) {
        if (!List.of(missing).contains(program) && Files.exists(Path.of(place, program))) {
          Path script = bin.resolve(program);
          Files.writeString(script, "#!/bin/sh\nexec " + place + "/" + program + " \"$@\"\n");
          assertThat(script.toFile().setExecutable(true)).isTrue();
        }
      }
    }
    return bin;
  }

  private List<String> arguments() throws IOException {
    try (Stream<Path> files = Files.list(results)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith("arguments"))
              .findFirst()
              .orElseThrow();
      return Files.readAllLines(file);
    }
  }

  private record Run(int code, String text) {}

  private Run run(String shell, Map<String, String> environment, String... arguments)
      throws Exception {
    Path out = folder.resolve("out");
    Process process = start(shell, environment, out, arguments);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(out));
  }

  private Process start(
      String shell, Map<String, String> environment, Path out, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(shell.split(" ")));
    command.add(SCRIPT.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private final Map<String, byte[]> published = new LinkedHashMap<>();

  private byte[] fileOf(String path) {
    return published.getOrDefault(path, new byte[0]);
  }

  private void publish(String pilot) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
      byte[] script = pilot.getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = new TarArchiveEntry("spinor-pilot/bin/spinor-pilot");
      entry.setSize(script.length);
      entry.setMode(0755);
      tar.putArchiveEntry(entry);
      tar.write(script);
      tar.closeArchiveEntry();
    }
    String checksum =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    published.put(BUNDLE, bytes.toByteArray());
    published.put(
        BUNDLE + ".sha256",
        (checksum + "  " + PLATFORM + ".tar.gz\n").getBytes(StandardCharsets.UTF_8));
    published.forEach(server::file);
  }
}
