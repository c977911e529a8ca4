package org.spinor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.TokenResponse;

class CredentialStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void savedLoginHasTheFormOfDiracxAndIsForItsOwnerAlone() throws Exception {
    Path file = folder.resolve("new/credentials.json");
    store(file, NOW).save(new TokenResponse("a", 1200, "Bearer", "r"));
    assertThat(Json.tree(Files.readString(file)))
        .isEqualTo(
            Json.tree(
                "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_on\":"
                    + (NOW.getEpochSecond() + 1185)
                    + "}"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileThatOthersCouldReadIsClosedToThem() throws Exception {
    Path file = Files.writeString(folder.resolve("credentials.json"), "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    store(file, NOW).save(new TokenResponse("a", 1200, "Bearer", null));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void tokenIsUsedWhileItLivesAndRenewedAfter() {
    Path file = folder.resolve("credentials.json");
    store(file, NOW).save(new TokenResponse("a1", 1200, "Bearer", "r1"));
    assertThat(store(file, NOW.plusSeconds(60)).accessToken(_ -> fail())).contains("a1");
    CredentialStore later = store(file, NOW.plusSeconds(1150));
    assertThat(
            later.accessToken(
                refresh -> {
                  assertThat(refresh).isEqualTo("r1");
                  return new TokenResponse("a2", 1200, "Bearer", "r2");
                }))
        .contains("a2");
    assertThat(later.accessToken(_ -> fail())).contains("a2");
    assertThat(later.load()).map(Credentials::refreshToken).contains("r2");
  }

  @Test
  void noFileAndNoRefreshTokenMeanNotLoggedIn() {
    Path file = folder.resolve("credentials.json");
    assertThat(store(file, NOW).accessToken(_ -> fail())).isEmpty();
    store(file, NOW).save(new TokenResponse("a", 1200, "Bearer", null));
    assertThat(store(file, NOW.plusSeconds(3600)).accessToken(_ -> fail())).isEmpty();
  }

  @Test
  void manyAskersRenewOnce() throws Exception {
    Path file = folder.resolve("credentials.json");
    store(file, NOW.minusSeconds(3600)).save(new TokenResponse("old", 1200, "Bearer", "r1"));
    AtomicInteger renewals = new AtomicInteger();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<String>>> answers =
          IntStream.range(0, 8)
              .mapToObj(
                  _ ->
                      executor.submit(
                          () ->
                              store(file, NOW)
                                  .accessToken(
                                      _ -> {
                                        renewals.incrementAndGet();
                                        return new TokenResponse("new", 1200, "Bearer", "r2");
                                      })))
              .toList();
      for (Future<Optional<String>> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS)).contains("new");
      }
    }
    assertThat(renewals).hasValue(1);
  }

  @Test
  void otherProgramsSeeTheLock() throws Exception {
    Path file = Files.writeString(folder.resolve("credentials.json"), "{}");
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")));
    assertThat(flockFromOutside(file)).isZero();
    try (ExclusiveLock _ = ExclusiveLock.on(file)) {
      assertThat(flockFromOutside(file)).isNotZero();
    }
    assertThat(flockFromOutside(file)).isZero();
  }

  @Test
  void pathComesFromTheEnvironmentOrTheHome() {
    assertThat(CredentialStore.defaultPath(Map.of("DIRACX_CREDENTIALS_PATH", "/x/y.json")))
        .isEqualTo(Path.of("/x/y.json"));
    assertThat(CredentialStore.defaultPath(Map.of("HOME", "/home/x")))
        .isEqualTo(Path.of("/home/x/.cache/diracx/credentials.json"));
    assertThat(CredentialStore.defaultPath(Map.of()))
        .endsWithRaw(Path.of(".cache/diracx/credentials.json"));
  }

  @Test
  void lockOfAMissingFileIsAnError() {
    assertThatThrownBy(() -> ExclusiveLock.on(folder.resolve("nothing")).close())
        .isInstanceOf(java.io.IOException.class);
  }

  private static int flockFromOutside(Path file) throws Exception {
    return new ProcessBuilder("/usr/bin/flock", "-n", file.toString(), "true").start().waitFor();
  }

  private static CredentialStore store(Path file, Instant now) {
    return new CredentialStore(file, Clock.fixed(now, ZoneOffset.UTC));
  }

  private static TokenResponse fail() {
    throw new AssertionError("no renewal was due");
  }
}
