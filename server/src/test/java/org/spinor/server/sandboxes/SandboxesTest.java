package org.spinor.server.sandboxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.ErrorCode;
import org.spinor.api.SandboxInfo;
import org.spinor.api.SandboxUpload;
import org.spinor.api.SpinorException;
import org.spinor.server.database.DataFolder;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Callers;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.jobs.JobsFixture;
import org.spinor.server.jobs.TestSubmissions;
import org.springframework.util.unit.DataSize;
import org.springframework.web.util.UriComponentsBuilder;

class SandboxesTest {
  private static final JobsFixture ROOM = new JobsFixture();
  private static final URI SERVER = URI.create("http://server:8000");
  private static final Caller ALICE = Callers.user("alice");
  private static int contents;

  @TempDir private Path folder;
  private final SettableClock clock = new SettableClock();
  private @Nullable Parts parts;

  /** A clock that stands still. */
  private static final class SettableClock extends Clock {
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  /** The room's parts, wired by hand. */
  private record Parts(
      LocalStore store,
      SandboxTable table,
      SandboxService service,
      InputSandboxes inputs,
      SandboxCleaning cleaning) {}

  private Parts room() {
    Parts known = parts;
    if (known == null) {
      SandboxProperties properties =
          new SandboxProperties(
              DataSize.ofMegabytes(100), "sandboxes", Duration.ofDays(15), Duration.ofHours(1));
      LocalStore store =
          new LocalStore(new DataFolder(folder), new SignedLinks(new DataFolder(folder), clock));
      SandboxTable table = new SandboxTable(ROOM.jdbc(), ROOM.database.dataSource());
      Stores stores = new Stores(store, store);
      Inventory inventory = new Inventory(stores, table, ROOM.database.transactions());
      known =
          new Parts(
              store,
              table,
              new SandboxService(
                  properties,
                  table,
                  stores,
                  inventory,
                  ROOM.get(Jobs.class),
                  ROOM.configurations,
                  ROOM.database.transactions()),
              new InputSandboxes(properties, table, inventory, ROOM.configurations),
              new SandboxCleaning(
                  properties,
                  table,
                  new Leftovers(ROOM.jdbc()),
                  stores,
                  ROOM.database.transactions(),
                  Clock.systemUTC()));
      parts = known;
    }
    return known;
  }

  @AfterAll
  static void close() {
    ROOM.close();
  }

  private static byte[] fresh() {
    return ("content " + contents++).getBytes(StandardCharsets.UTF_8);
  }

  private static SandboxInfo info(byte[] bytes) {
    return new SandboxInfo("sha256", sha256(bytes), bytes.length, "tar.bz2");
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Announces and sends; gives the name. */
  private String put(Caller caller, byte[] bytes) {
    SandboxUpload upload = room().service().announce(caller, info(bytes), SERVER);
    if (upload.url() != null) {
      send(upload.fields(), bytes);
    }
    return upload.pfn();
  }

  private void send(Map<String, String> fields, byte[] bytes) {
    try {
      room()
          .service()
          .receive(room().store().ticket(fields).orElseThrow(), new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long files() {
    try (Stream<Path> all = Files.walk(folder.resolve("sandboxes"))) {
      return all.filter(Files::isRegularFile).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refused(ErrorCode code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SpinorException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  private static long job(String owner) {
    return TestSubmissions.submit(ROOM, Callers.user(owner), "Executable = \"a\"").getFirst();
  }

  @Test
  void answerToAnAnnouncementIsThatOfDiracx() {
    byte[] bytes = fresh();
    SandboxUpload upload = room().service().announce(ALICE, info(bytes), SERVER);
    assertThat(upload.pfn())
        .isEqualTo("SB:SandboxSE|/S3/sandboxes/vo/user/alice/sha256:" + sha256(bytes) + ".tar.bz2");
    assertThat(upload.url()).isEqualTo("http://server:8000/api/jobs/sandbox/upload");
    send(upload.fields(), bytes);
    SandboxUpload again = room().service().announce(ALICE, info(bytes), SERVER);
    assertThat(again.url()).as("it is there").isNull();
    assertThat(again.fields()).isEmpty();
  }

  @Test
  void checksumAloneDoesNotOpenWhatSomebodyElseSent() {
    byte[] bytes = fresh();
    put(ALICE, bytes);
    SandboxUpload bobs = room().service().announce(Callers.user("bob"), info(bytes), SERVER);
    assertThat(bobs.url()).as("bob has to show the bytes").isNotNull();
    refused(
        ErrorCode.INVALID_REQUEST,
        "not found",
        () -> room().service().download(Callers.user("bob"), bobs.pfn(), SERVER));
    long before = files();
    send(bobs.fields(), bytes);
    assertThat(files()).as("kept once").isEqualTo(before);
    room().service().download(Callers.user("bob"), bobs.pfn(), SERVER);
  }

  @Test
  void announcementsThatDoNotFitAreRefused() {
    String sum = "0".repeat(64);
    refused(
        ErrorCode.INVALID_REQUEST,
        "Sandbox too large, maximum allowed is 104857600 bytes",
        () -> announce(new SandboxInfo("sha256", sum, 104_857_601, "tar.bz2")));
    refused(
        ErrorCode.UNPROCESSABLE,
        "checksum_algorithm",
        () -> announce(new SandboxInfo("md5", sum, 1, "tar.bz2")));
    refused(
        ErrorCode.UNPROCESSABLE,
        "checksum",
        () -> announce(new SandboxInfo("sha256", "../../etc/passwd", 1, "tar.bz2")));
    refused(
        ErrorCode.UNPROCESSABLE,
        "format",
        () -> announce(new SandboxInfo("sha256", sum, 1, "zip")));
    refused(
        ErrorCode.UNPROCESSABLE,
        "size",
        () -> announce(new SandboxInfo("sha256", sum, 0, "tar.zst")));
    refused(
        ErrorCode.INVALID_REQUEST,
        "no sandbox can be named",
        () ->
            room()
                .service()
                .announce(
                    Callers.user("../bob"), new SandboxInfo("sha256", sum, 1, "tar.zst"), SERVER));
  }

  private void announce(SandboxInfo info) {
    room().service().announce(ALICE, info, SERVER);
  }

  @Test
  void bytesThatAreNotWhatWasAnnouncedLeaveNothingBehind() {
    byte[] bytes = fresh();
    SandboxUpload upload = room().service().announce(ALICE, info(bytes), SERVER);
    byte[] other = bytes.clone();
    other[0]++;
    refused(ErrorCode.INVALID_REQUEST, "checksum", () -> send(upload.fields(), other));
    refused(
        ErrorCode.INVALID_REQUEST, "more bytes", () -> send(upload.fields(), new byte[1_000_000]));
    refused(ErrorCode.INVALID_REQUEST, "has 3 bytes", () -> send(upload.fields(), new byte[3]));
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };
    assertThatThrownBy(
            () ->
                room()
                    .service()
                    .receive(room().store().ticket(upload.fields()).orElseThrow(), broken))
        .isInstanceOf(IOException.class);
    assertThat(files()).isZero();
    assertThat(room().service().announce(ALICE, info(bytes), SERVER).url()).isNotNull();
  }

  @Test
  void changedOrOldFieldsAreWorthNothing() {
    byte[] bytes = fresh();
    Map<String, String> fields = room().service().announce(ALICE, info(bytes), SERVER).fields();
    for (String field : fields.keySet()) {
      Map<String, String> changed = new HashMap<>(fields);
      changed.computeIfPresent(field, (name, value) -> value.replace('a', 'b') + "0");
      assertThat(room().store().ticket(changed)).as(field).isEmpty();
      changed.remove(field);
      assertThat(room().store().ticket(changed)).as(field).isEmpty();
    }
    clock.now = clock.now.plusSeconds(299);
    assertThat(room().store().ticket(fields)).isPresent();
    clock.now = clock.now.plusSeconds(2);
    assertThat(room().store().ticket(fields)).isEmpty();
  }

  @Test
  void downloadAddressIsGoodForItsSandboxAndItsTime() {
    byte[] bytes = fresh();
    String pfn = put(ALICE, bytes);
    Map<String, String> query = query(room().service().download(ALICE, pfn, SERVER).url());
    assertThat(file(query)).isPresent().get().satisfies(f -> assertThat(f).hasBinaryContent(bytes));
    Map<String, String> other = new HashMap<>(query);
    other.put("pfn", pfn.replace("alice", "bob"));
    assertThat(file(other)).isEmpty();
    clock.now = clock.now.plusSeconds(301);
    assertThat(file(query)).isEmpty();
  }

  private java.util.Optional<Path> file(Map<String, String> query) {
    return room()
        .store()
        .file(
            query.getOrDefault("pfn", ""),
            query.getOrDefault("expires", ""),
            query.getOrDefault("signature", ""));
  }

  private static Map<String, String> query(String url) {
    Map<String, String> query = new HashMap<>();
    UriComponentsBuilder.fromUriString(url)
        .build()
        .getQueryParams()
        .toSingleValueMap()
        .forEach(
            (name, value) ->
                query.put(name, java.net.URLDecoder.decode(value, StandardCharsets.UTF_8)));
    return query;
  }

  @Test
  void sandboxesAreReadByTheirOwnerAndThoseAboveOnly() {
    String pfn = put(ALICE, fresh());
    refused(
        ErrorCode.FORBIDDEN,
        "PFN must start with /S3/sandboxes/vo/user/bob/",
        () -> room().service().download(Callers.user("bob"), pfn, SERVER));
    refused(
        ErrorCode.FORBIDDEN,
        "PFN must start",
        () ->
            room()
                .service()
                .download(Callers.person("other", "alice", "user", Caller.Reach.VO), pfn, SERVER));
    room().service().download(Callers.administrator(), pfn, SERVER);
    refused(
        ErrorCode.UNPROCESSABLE,
        "no name",
        () -> room().service().download(ALICE, "/etc/passwd", SERVER));
    refused(
        ErrorCode.INVALID_REQUEST,
        "not found",
        () -> room().service().download(ALICE, pfn.replace("tar.bz2", "tar.zst"), SERVER));
  }

  @Test
  void submissionKnowsUnknownAndForeignSandboxes() {
    String mine = put(ALICE, fresh());
    String bobs = put(Callers.user("bob"), fresh());
    String announced = room().service().announce(ALICE, info(fresh()), SERVER).pfn();
    assertThat(
            room().inputs().problems("vo", "alice", "user", Set.of(mine, bobs, announced, "SB:x")))
        .containsOnlyKeys(bobs, announced, "SB:x")
        .containsEntry(bobs, "belongs to somebody else; expected a sandbox of alice")
        .containsEntry(announced, "not in the store: upload it first");
  }

  private void submitted(long job, String pfn) {
    ROOM.database
        .transactions()
        .run(
            () ->
                room()
                    .inputs()
                    .assign(
                        new JobEvents.Submitted(
                            "vo", "alice", "user", Map.of(job, List.of(pfn, pfn)))));
  }

  @Test
  void payloadReadsTheInputsOfItsJobAndWritesOutputs() {
    long job = job("alice");
    String input = put(ALICE, fresh());
    String another = put(ALICE, fresh());
    submitted(job, input);
    ROOM.claim(job, "pilot1");
    Caller payload = Callers.payload(job, 1);
    room().service().download(payload, input, SERVER);
    refused(
        ErrorCode.FORBIDDEN,
        "no input sandbox",
        () -> room().service().download(payload, another, SERVER));
    String output = put(payload, fresh());
    room().service().assignOutput(payload, job, output);
    assertThat(room().service().of(ALICE, job, Direction.Output))
        .containsExactly(output.substring(output.indexOf('/')));
    assertThat(room().service().of(ALICE, job, Direction.Input)).hasSize(1);
    refused(
        ErrorCode.INVALID_REQUEST,
        "Sandbox already assigned",
        () -> room().service().assignOutput(payload, job, output));
    refused(
        ErrorCode.FORBIDDEN,
        "not the owner",
        () -> room().service().assignOutput(payload, job, put(Callers.user("bob"), fresh())));
    refused(
        ErrorCode.INVALID_REQUEST,
        "Sandbox not found",
        () -> room().service().assignOutput(payload, job, output.replace("tar.bz2", "tar.zst")));
    ROOM.jdbc().sql("DELETE FROM jobs.lease WHERE job_id = :id").param("id", job).update();
    refused(
        ErrorCode.STALE_ATTEMPT,
        "has ended",
        () -> room().service().download(payload, input, SERVER));
    refused(ErrorCode.STALE_ATTEMPT, "has ended", () -> put(payload, fresh()));
  }

  @Test
  void nameOfAnOutputComesWithAndWithoutQuotes() {
    assertThat(SandboxController.name("\"SB:a|/S3/b\"")).isEqualTo("SB:a|/S3/b");
    assertThat(SandboxController.name(" SB:a|/S3/b\n")).isEqualTo("SB:a|/S3/b");
    refused(ErrorCode.UNPROCESSABLE, "JSON string", () -> SandboxController.name("\"SB:a"));
  }

  private static void age(String column, String interval) {
    ROOM.jdbc()
        .sql(
            "UPDATE sandboxes.sandbox SET "
                + column
                + " = "
                + column
                + " - interval '"
                + interval
                + "'")
        .update();
  }

  @Test
  void cleaningTakesWhatNobodyNeedsAndNothingElse() {
    ROOM.jdbc().sql("TRUNCATE sandboxes.sandbox, sandboxes.assignment").update();
    byte[] shared = fresh();
    String used = put(ALICE, fresh());
    put(ALICE, shared);
    String bobs = put(Callers.user("bob"), shared);
    long job = job("alice");
    submitted(job, used);
    long bobsJob = job("bob");
    room().service().assignOutput(Callers.user("bob"), bobsJob, bobs);
    age("last_access", "16 days");
    room().cleaning().run("");
    assertThat(
            ROOM.jdbc().sql("SELECT count(*) FROM sandboxes.sandbox").query(Integer.class).single())
        .as("alice's copy of the shared bytes had no job")
        .isEqualTo(2);
    assertThat(files()).as("but bob still has them").isEqualTo(2);
    room().inputs().release(new JobEvents.Removed(List.of(job)));
    room().cleaning().run("");
    assertThat(files()).as("an hour of grace").isEqualTo(2);
    age("orphaned", "2 hours");
    room().cleaning().run("");
    assertThat(files()).isEqualTo(1);
    room().service().unassign(Callers.user("bob"), List.of(bobsJob));
    age("orphaned", "2 hours");
    room().cleaning().run("");
    assertThat(files()).isZero();
  }

  @Test
  void sandboxOfTwoJobsStaysUntilBothAreGoneEvenIfTheyGoAtOnce() {
    String pfn = put(ALICE, fresh());
    long first = job("alice");
    long second = job("alice");
    submitted(first, pfn);
    submitted(second, pfn);
    room().inputs().release(new JobEvents.Removed(List.of(first)));
    age("orphaned", "2 hours");
    room().cleaning().run("");
    room().service().download(ALICE, pfn, SERVER);
    ROOM.jdbc().sql("DELETE FROM sandboxes.assignment").update();
    room().cleaning().run("");
    age("orphaned", "2 hours");
    room().cleaning().run("");
    refused(
        ErrorCode.INVALID_REQUEST,
        "not found",
        () -> room().service().download(ALICE, pfn, SERVER));
  }

  @Test
  void submissionFailsWhereItsSandboxWasRemovedInBetween() {
    String pfn = put(ALICE, fresh());
    ROOM.jdbc().sql("DELETE FROM sandboxes.sandbox").update();
    refused(ErrorCode.JDL_INVALID, "removed in this moment", () -> submitted(1, pfn));
  }
}
