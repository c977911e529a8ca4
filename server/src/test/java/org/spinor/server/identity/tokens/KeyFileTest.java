package org.spinor.server.identity.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  @TempDir Path folder;

  @Test
  void firstStartMakesKeysThatOnlyTheOwnerReads() throws Exception {
    Path file = KeyFile.of(folder, "");
    assertThat(file).isEqualTo(folder.resolve("secrets/jwks.json"));
    SigningKeys made = KeyFile.loadOrCreate(file, NOW);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(KeyFile.loadOrCreate(file, NOW).published()).isEqualTo(made.published());
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void configuredFileWins() {
    assertThat(KeyFile.of(folder, "/etc/spinor/jwks.json"))
        .isEqualTo(Path.of("/etc/spinor/jwks.json"));
  }

  @Test
  void serversThatStartTogetherAgreeOnOneSet() throws Exception {
    Path file = folder.resolve("shared").resolve("jwks.json");
    List<Future<SigningKeys>> servers = new ArrayList<>();
    try (ExecutorService starts = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        servers.add(starts.submit(() -> KeyFile.loadOrCreate(file, NOW)));
      }
      Object first = servers.getFirst().get().published();
      for (Future<SigningKeys> server : servers) {
        assertThat(server.get().published()).isEqualTo(first);
      }
    }
  }

  @Test
  void unusableFileIsNamedWithTheReason() throws Exception {
    Path file = folder.resolve("jwks.json");
    refused(file, "not json", "no key set");
    refused(file, "{\"keys\":[]}", "no Ed25519 key");
    refused(
        file,
        """
        {"keys":[{"kty":"EC","crv":"P-256","kid":"e","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
          "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}""",
        "key e is of type EC");
    String good = KeyFile.fresh(NOW).toString(false);
    String key = good.substring(good.indexOf('[') + 1, good.lastIndexOf(']'));
    refused(file, "{\"keys\":[" + key + "," + key + "]}", "two keys have the kid");
    refused(file, good.replace("\"sign\",", ""), "no Ed25519 key with its private part");
  }

  private static void refused(Path file, String text, String why) throws Exception {
    Files.writeString(file, text);
    assertThatThrownBy(() -> KeyFile.loadOrCreate(file, NOW))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
  }
}
