package org.spinor.server.sandboxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.ErrorCode;
import org.spinor.api.SandboxInfo;
import org.spinor.api.SandboxUpload;
import org.spinor.api.SpinorException;
import org.spinor.server.database.DataFolder;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Callers;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.jobs.JobsFixture;
import org.spinor.server.jobs.TestSubmissions;
import org.springframework.util.unit.DataSize;

/** A store that takes bytes past this server, and the local one beside it. */
class StoresTest {
  private static final JobsFixture ROOM = new JobsFixture();
  private static final URI SERVER = URI.create("http://server:8000");
  private static final Caller ALICE = Callers.user("alice");
  private static int contents;

  @TempDir private Path folder;
  private final Far far = new Far();
  private @Nullable LocalStore localStore;

  /** Bytes come to it by themselves. */
  private static final class Far implements SandboxStore {
    private final Set<SandboxName> bytes = ConcurrentHashMap.newKeySet();
    private boolean away;
    private boolean stubborn;

    private void answer() {
      if (away) {
        throw new SpinorException(ErrorCode.UNAVAILABLE, "away");
      }
    }

    @Override
    public String id() {
      return "far";
    }

    @Override
    public UploadAddress upload(SandboxName name, Blob blob, URI server) {
      return new UploadAddress("http://far/", Map.of("key", name.toString()));
    }

    @Override
    public String download(SandboxName name, URI server) {
      return "http://far/" + name.checksum();
    }

    @Override
    public boolean has(SandboxName name, boolean received) {
      answer();
      return bytes.contains(name);
    }

    @Override
    public java.io.InputStream open(SandboxName name) {
      throw new UnsupportedOperationException("nobody reads in this test");
    }

    @Override
    public boolean fillsUnseen() {
      return true;
    }

    @Override
    public Set<SandboxName> delete(Collection<SandboxName> names) {
      answer();
      if (stubborn) {
        return Set.copyOf(names);
      }
      bytes.removeAll(names);
      return Set.of();
    }
  }

  private LocalStore local() {
    LocalStore known = localStore;
    if (known == null) {
      DataFolder data = new DataFolder(folder);
      known = new LocalStore(data, new SignedLinks(data, Clock.systemUTC()));
      localStore = known;
    }
    return known;
  }

  /** The room's parts, wired by hand. */
  private record Parts(SandboxService service, InputSandboxes inputs, SandboxCleaning cleaning) {}

  private Parts room(SandboxStore current) {
    SandboxProperties properties =
        new SandboxProperties(
            DataSize.ofMegabytes(100), "sandboxes", Duration.ofDays(15), Duration.ofHours(1));
    SandboxTable table = new SandboxTable(ROOM.jdbc(), ROOM.database.dataSource());
    Stores stores = new Stores(local(), current);
    Inventory inventory = new Inventory(stores, table, ROOM.database.transactions());
    return new Parts(
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
  }

  private Parts room() {
    return room(far);
  }

  @BeforeEach
  void empty() {
    ROOM.jdbc()
        .sql("TRUNCATE sandboxes.sandbox, sandboxes.assignment, sandboxes.leftover")
        .update();
  }

  @AfterAll
  static void close() {
    ROOM.close();
  }

  private static byte[] fresh() {
    return ("far content " + contents++).getBytes(StandardCharsets.UTF_8);
  }

  private static SandboxInfo info(byte[] bytes) {
    try {
      String checksum =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      return new SandboxInfo("sha256", checksum, bytes.length, "tar.zst");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private SandboxUpload announce(Parts room, byte[] bytes) {
    return room.service().announce(ALICE, info(bytes), SERVER);
  }

  /** Announced, and sent past the server. */
  private String sent(byte[] bytes) {
    SandboxUpload place = announce(room(), bytes);
    assertThat(place.url()).isEqualTo("http://far/");
    far.bytes.add(SandboxName.parse(place.pfn()).orElseThrow());
    return place.pfn();
  }

  private String sentHere(byte[] bytes) {
    Parts before = room(local());
    SandboxUpload place = announce(before, bytes);
    try {
      before
          .service()
          .receive(local().ticket(place.fields()).orElseThrow(), new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return place.pfn();
  }

  private String address(String pfn) {
    return room().service().download(ALICE, pfn, SERVER).url();
  }

  @Test
  void sandboxesStayReadableWhereTheyWereWhenTheStoreChanges() {
    byte[] old = fresh();
    String pfn = sentHere(old);
    assertThat(address(pfn)).startsWith("http://server:8000/");
    assertThat(announce(room(), old).url()).as("no need to send it again").isNull();
    String next = sent(fresh());
    assertThat(address(next)).startsWith("http://far/");
    assertThat(room().inputs().problems("vo", "alice", "user", Set.of(pfn, next))).isEmpty();
    assertThat(address(pfn)).startsWith("http://server:8000/");
  }

  @Test
  void announcedHereAndNeverSentGoesToTheNewStore() {
    byte[] bytes = fresh();
    announce(room(local()), bytes);
    assertThat(address(sent(bytes))).startsWith("http://far/");
  }

  @Test
  void bytesThatCameUnseenAreFoundWhenSomebodyAsks() {
    String announced = announce(room(), fresh()).pfn();
    Set<String> all =
        IntStream.range(0, 40).mapToObj(i -> sent(fresh())).collect(Collectors.toSet());
    assertThat(room().inputs().problems("vo", "alice", "user", all)).isEmpty();
    assertThat(room().inputs().problems("vo", "alice", "user", Set.of(announced)))
        .containsEntry(announced, "not in the store: upload it first");
    long job = TestSubmissions.submit(ROOM, ALICE, "Executable = \"a\"").getFirst();
    String output = sent(fresh());
    room().service().assignOutput(ALICE, job, output);
    assertThat(room().service().of(ALICE, job, Direction.Output)).hasSize(1);
  }

  @Test
  void whatTheStoreLostIsAskedForAgain() {
    byte[] bytes = fresh();
    sent(bytes);
    assertThat(announce(room(), bytes).url()).isNull();
    far.bytes.clear();
    SandboxUpload again = announce(room(), bytes);
    assertThat(again.url()).isEqualTo("http://far/");
    assertThat(room().inputs().problems("vo", "alice", "user", Set.of(again.pfn())))
        .containsKey(again.pfn());
  }

  @Test
  void storeThatIsAwayIsToldAsThat() {
    byte[] bytes = fresh();
    String pfn = sent(bytes);
    far.away = true;
    for (Runnable question :
        List.<Runnable>of(
            () -> announce(room(), bytes),
            () -> address(pfn),
            () -> room().inputs().problems("vo", "alice", "user", Set.of(pfn)))) {
      assertThatExceptionOfType(SpinorException.class)
          .isThrownBy(question::run)
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
  }

  @Test
  void rowOfAStoreThatThisServerDoesNotHaveSaysSo() {
    String pfn = sent(fresh());
    address(pfn);
    assertThatExceptionOfType(SpinorException.class)
        .isThrownBy(() -> room(local()).service().download(ALICE, pfn, SERVER))
        .withMessageContaining("SPINOR_SANDBOXES_S3_ENDPOINT");
  }

  private static void age() {
    ROOM.jdbc()
        .sql("UPDATE sandboxes.sandbox SET last_access = last_access - interval '16 days'")
        .update();
  }

  private static int leftovers() {
    return ROOM.jdbc().sql("SELECT count(*) FROM sandboxes.leftover").query(Integer.class).single();
  }

  @Test
  void whatIsLeftOverWhileTheStoreIsAwayIsDeletedLater() {
    sent(fresh());
    sent(fresh());
    sentHere(fresh());
    age();
    far.away = true;
    assertThatExceptionOfType(SpinorException.class).isThrownBy(() -> room().cleaning().run(""));
    assertThat(leftovers()).as("those of the local store are gone").isEqualTo(2);
    assertThat(far.bytes).hasSize(2);
    far.away = false;
    room().cleaning().run("");
    assertThat(far.bytes).isEmpty();
    assertThat(leftovers()).isZero();
  }

  @Test
  void whatTheStoreWillNotDeleteIsTriedAgainAnHourLater() {
    sent(fresh());
    age();
    far.stubborn = true;
    room().cleaning().run("");
    far.stubborn = false;
    room().cleaning().run("");
    assertThat(far.bytes).hasSize(1);
    ROOM.jdbc().sql("UPDATE sandboxes.leftover SET due = due - interval '1 hour'").update();
    room().cleaning().run("");
    assertThat(far.bytes).isEmpty();
  }

  @Test
  void whatSomebodyAnnouncesAgainIsNotDeletedAnyMore() {
    byte[] bytes = fresh();
    sent(bytes);
    age();
    far.away = true;
    assertThatExceptionOfType(SpinorException.class).isThrownBy(() -> room().cleaning().run(""));
    far.away = false;
    assertThat(announce(room(), bytes).url()).as("still there").isNull();
    room().cleaning().run("");
    assertThat(far.bytes).hasSize(1);
    assertThat(leftovers()).isZero();
  }

  @Test
  void orphanThatIsAnnouncedAgainGetsItsHourAgain() {
    byte[] bytes = fresh();
    String pfn = sent(bytes);
    long job = TestSubmissions.submit(ROOM, ALICE, "Executable = \"a\"").getFirst();
    room().service().assignOutput(ALICE, job, pfn);
    room().service().unassign(ALICE, List.of(job));
    ROOM.jdbc().sql("UPDATE sandboxes.sandbox SET orphaned = now() - interval '2 hours'").update();
    assertThat(announce(room(), bytes).url()).isNull();
    room().cleaning().run("");
    assertThat(far.bytes).hasSize(1);
  }
}
