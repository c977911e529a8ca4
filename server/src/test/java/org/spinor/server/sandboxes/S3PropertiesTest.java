package org.spinor.server.sandboxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.SpinorException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class S3PropertiesTest {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");
  private static final SandboxName NAME =
      new SandboxName("sandboxes", "vo", "user", "alice", "0".repeat(64), "tar.zst");
  @TempDir private Path folder;

  private static S3Properties bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("spinor.sandboxes.s3", Bindable.of(S3Properties.class));
  }

  @Test
  void nothingSetMeansNoS3() {
    S3Properties none = bound(Map.of());
    assertThat(none.endpoint()).isNull();
    assertThat(none.region()).isEqualTo("us-east-1");
    assertThat(none.pathStyle()).isTrue();
    assertThat(none.createBucket()).isFalse();
  }

  @Test
  void allSettingsAreTakenAndTheSecretIsNotSaid() {
    S3Properties all =
        bound(
            Map.of(
                "spinor.sandboxes.s3.endpoint", "https://s3.here.org:9000",
                "spinor.sandboxes.s3.public-endpoint", "https://s3.example.org",
                "spinor.sandboxes.s3.region", "cern",
                "spinor.sandboxes.s3.bucket", "spinor-prod",
                "spinor.sandboxes.s3.path-style", "false",
                "spinor.sandboxes.s3.prefix", "a/b",
                "spinor.sandboxes.s3.create-bucket", "true",
                "spinor.sandboxes.s3.key-id", "key",
                "spinor.sandboxes.s3.secret", "geheim"));
    assertThat(all.publicEndpoint()).isEqualTo(URI.create("https://s3.example.org"));
    assertThat(all.prefix()).isEqualTo("a/b/");
    assertThat(all.pathStyle()).isFalse();
    assertThat(all.createBucket()).isTrue();
    assertThat(all.toString()).contains("s3.here.org").doesNotContain("geheim");
    assertThat(S3Key.of(all, folder)).isEqualTo(new S3Key("key", "geheim"));
    assertThat(S3Key.of(all, folder).toString()).doesNotContain("geheim");
  }

  @Test
  void allProblemsAreTold() {
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(
            () ->
                bound(
                    Map.of(
                        "spinor.sandboxes.s3.public-endpoint", "s3.example.org",
                        "spinor.sandboxes.s3.bucket", "A_B",
                        "spinor.sandboxes.s3.region", "eu west",
                        "spinor.sandboxes.s3.prefix", "/a",
                        "spinor.sandboxes.s3.key-id", "key")))
        .havingRootCause()
        .isInstanceOfSatisfying(
            SpinorException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(6)
                    .anyMatch(p -> p.startsWith("SPINOR_SANDBOXES_S3_ENDPOINT is missing"))
                    .anyMatch(p -> p.startsWith("SPINOR_SANDBOXES_S3_SECRET is missing")));
  }

  @Test
  void keyStandsInAFileOfTwoLines() throws IOException {
    S3Properties settings = bound(Map.of("spinor.sandboxes.s3.endpoint", NOWHERE.toString()));
    Path file = folder.resolve("sandboxes-s3");
    assertThatExceptionOfType(SpinorException.class)
        .isThrownBy(() -> S3Key.of(settings, file))
        .withMessageContaining(file.toString())
        .withMessageContaining("SPINOR_SANDBOXES_S3_KEYID");
    Files.writeString(file, "key\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatExceptionOfType(SpinorException.class)
        .isThrownBy(() -> S3Key.of(settings, file))
        .withMessageContaining("chmod 600 " + file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatExceptionOfType(SpinorException.class)
        .isThrownBy(() -> S3Key.of(settings, file))
        .withMessageContaining("1 lines");
    Files.writeString(file, "key\ngeheim\n");
    assertThat(S3Key.of(settings, file)).isEqualTo(new S3Key("key", "geheim"));
  }

  @Test
  void addressesAreOfThePublicEndpointInTheStyleThatIsSet() {
    Map<String, String> reached =
        Map.of(
            "spinor.sandboxes.s3.endpoint", NOWHERE.toString(),
            "spinor.sandboxes.s3.public-endpoint", "https://s3.example.org:9000",
            "spinor.sandboxes.s3.prefix", "p");
    // A store that is away is no reason not to start.
    try (S3Store store =
        new S3Store(bound(reached), NOWHERE, "sandboxes", new S3Key("k", "s"), Clock.systemUTC())) {
      assertThat(store.upload(NAME, new Blob(NAME.checksum(), "tar.zst", 1), NOWHERE).url())
          .isEqualTo("https://s3.example.org:9000/sandboxes");
      assertThat(store.download(NAME, NOWHERE))
          .startsWith("https://s3.example.org:9000/sandboxes/p/vo/user/alice/sha256%3A000")
          .contains("X-Amz-Expires=300", "X-Amz-SignedHeaders=host&");
      assertThatExceptionOfType(SpinorException.class)
          .isThrownBy(() -> store.has(NAME, true))
          .withMessageContaining("try again");
    }
    Map<String, String> hosts = new java.util.HashMap<>(reached);
    hosts.put("spinor.sandboxes.s3.path-style", "false");
    try (S3Store store =
        new S3Store(bound(hosts), NOWHERE, "sandboxes", new S3Key("k", "s"), Clock.systemUTC())) {
      assertThat(store.upload(NAME, new Blob(NAME.checksum(), "tar.zst", 1), NOWHERE).url())
          .isEqualTo("https://sandboxes.s3.example.org:9000/");
      assertThat(store.download(NAME, NOWHERE))
          .startsWith("https://sandboxes.s3.example.org:9000/p/vo/user/alice/");
    }
  }
}
