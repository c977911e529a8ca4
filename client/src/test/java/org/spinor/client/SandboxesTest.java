package org.spinor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.JobId;

class SandboxesTest {
  private final FakeServer server = new FakeServer();
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void createSendsChecksumSizeAndThenTheBytes() throws Exception {
    Path script = Files.writeString(folder.resolve("run.sh"), "echo hi\n");
    server
        .on(
            "POST /api/jobs/sandbox",
            200,
            "{\"pfn\":\"SB:SandboxSE|/S3/x\",\"url\":\""
                + server.address()
                + "/store\",\"fields\":{\"key\":\"k1\"}}")
        .on("POST /store", 204, "");
    assertThat(server.client().sandboxes().create(List.of(script))).isEqualTo("SB:SandboxSE|/S3/x");
    var info = Json.tree(server.requests().getFirst().text());
    assertThat(info.path("format").asString()).isEqualTo("tar.zst");
    var upload = server.requests().get(1);
    assertThat(upload.authorization()).as("the token stays with the server").isNull();
    byte[] sent = filePart(upload.body());
    assertThat(sent).hasSize(info.path("size").asInt());
    assertThat(sha256(sent)).isEqualTo(info.path("checksum").asString());
    String text = upload.body();
    assertThat(text.indexOf("name=\"key\"")).isPositive().isLessThan(text.indexOf("name=\"file\""));
  }

  @Test
  void createSendsNothingWhereTheServerHasIt() throws Exception {
    Path script = Files.writeString(folder.resolve("run.sh"), "echo hi\n");
    server.on("POST /api/jobs/sandbox", 200, "{\"pfn\":\"SB:x\",\"url\":null,\"fields\":{}}");
    assertThat(server.client().sandboxes().create(List.of(script))).isEqualTo("SB:x");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void missingFileIsNamed() {
    Path missing = folder.resolve("nothing.txt");
    assertThatThrownBy(() -> server.client().sandboxes().create(List.of(missing)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing.txt");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void downloadUnpacksWhatHasTheRightChecksum() throws Exception {
    byte[] archive = archive("result.txt", "42");
    serve(archive, sha256(archive));
    Path out = folder.resolve("out");
    var unpacked = server.client().sandboxes().download(pfn(sha256(archive)), out);
    assertThat(unpacked.files()).containsExactly(out.resolve("result.txt"));
    assertThat(out.resolve("result.txt")).hasContent("42");
    try (var left = Files.list(out)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void downloadRefusesOtherBytesThanNamed() throws Exception {
    String wanted = sha256("something else".getBytes(StandardCharsets.UTF_8));
    serve(archive("result.txt", "42"), wanted);
    Path out = folder.resolve("out");
    assertThatThrownBy(() -> server.client().sandboxes().download(pfn(wanted), out))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checksum");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void jobWithoutSandboxesHasNone() {
    server.on("GET /api/jobs/7/sandbox", 200, "{\"Input\":[null],\"Output\":[\"/S3/b/x\"]}");
    var sandboxes = server.client().sandboxes().of(new JobId(7));
    assertThat(sandboxes.input()).isEmpty();
    assertThat(sandboxes.output()).containsExactly("/S3/b/x");
  }

  private void serve(byte[] archive, String checksum) {
    server
        .on(
            "GET /api/jobs/sandbox",
            200,
            "{\"url\":\"/store/" + checksum + "\",\"expires_in\":300}")
        .on(
            "GET /store/" + checksum,
            _ ->
                new FakeServer.Answer(
                    200, new String(archive, StandardCharsets.ISO_8859_1), Map.of()));
  }

  private static String pfn(String checksum) {
    return "SB:SandboxSE|/S3/sandboxes/vo/group/anna/sha256:" + checksum + ".tar.zst";
  }

  private byte[] archive(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SandboxArchive.pack(List.of(file), bytes);
    return bytes.toByteArray();
  }

  private static byte[] filePart(String text) {
    int start = text.indexOf("\r\n\r\n", text.indexOf("name=\"file\"")) + 4;
    int end = text.lastIndexOf("\r\n--spinor-");
    return text.substring(start, end).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
