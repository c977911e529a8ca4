package org.spinor.server.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.Caller;
import org.spinor.server.resources.StatusController.Access;
import org.spinor.server.resources.StatusController.StorageAccess;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

class KnownSitesTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Notifications OTHER_LISTENER = DATABASE.anotherListener();
  private static final TestSites CONFIGURATION =
      new TestSites(
          TestSites.queue("LCG.North.org", "ce1.north.org", "long"),
          TestSites.queue("LCG.North.org", "ce1.north.org", "short"),
          TestSites.queue("LCG.South.org", "ce1.south.org", "batch"));
  private static final StatusRepository REPOSITORY = new StatusRepository(DATABASE.jdbc());
  private static final StatusBoard BOARD =
      new StatusBoard(REPOSITORY, DATABASE.notifications(), Clock.systemUTC());

  /** Its clock stands still, so that it reads again only when it is told. */
  private static final StatusBoard OTHER_BOARD =
      new StatusBoard(REPOSITORY, OTHER_LISTENER, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  private static final KnownSites SITES =
      new KnownSites(CONFIGURATION, BOARD, REPOSITORY, DATABASE.transactions());
  private static final KnownSites OTHER_SERVER =
      new KnownSites(CONFIGURATION, OTHER_BOARD, REPOSITORY, DATABASE.transactions());
  private final StatusController controller = new StatusController(BOARD, CONFIGURATION);

  @AfterAll
  static void close() {
    OTHER_LISTENER.close();
    DATABASE.close();
  }

  @AfterEach
  void forget() {
    DATABASE.jdbc().sql("DELETE FROM resources.status").update();
    BOARD.read();
    OTHER_BOARD.read();
  }

  @Test
  void sitesThatNobodyTouchedAreActive() {
    assertThat(SITES.usable("LCG.North.org")).contains(true);
    assertThat(SITES.usable("LCG.Nowhere.org")).isEmpty();
    assertThat(SITES.of("LCG.North.org").changedBy()).isEmpty();
    assertThat(SITES.queues())
        .hasSize(3)
        .allSatisfy(
            known -> {
              assertThat(known.usable()).isTrue();
              assertThat(known.statusReason()).isEmpty();
            });
  }

  @Test
  void bannedSiteShowsInItsQueuesAndIsHeardByTheOtherServer() throws Exception {
    assertThat(OTHER_SERVER.usable("LCG.North.org")).contains(true);
    SiteStatuses.SiteStatus status = SITES.decide("LCG.North.org", false, "power cut", "alice");
    assertThat(status.active()).isFalse();
    assertThat(status.reason()).isEqualTo("power cut");
    assertThat(status.changedBy()).contains("alice");
    assertThat(status.changedAt()).isPresent();
    assertThat(SITES.queues())
        .filteredOn(known -> !known.usable())
        .extracting(known -> known.queue().name())
        .containsExactlyInAnyOrder("long", "short");
    for (int i = 0; OTHER_SERVER.usable("LCG.North.org").orElse(true); i++) {
      assertThat(i).as("tenths of a second").isLessThan(1200);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    SITES.decide("LCG.North.org", true, "power is back", "bob");
    assertThat(SITES.usable("LCG.North.org")).contains(true);
    assertThat(
            DATABASE
                .jdbc()
                .sql(
                    "SELECT status || ' ' || changed_by FROM resources.status_history WHERE name = 'LCG.North.org' ORDER BY history_id DESC LIMIT 2")
                .query(String.class)
                .list())
        .containsExactly("Active bob", "Banned alice");
  }

  @Test
  void unknownSitesAndEndlessReasonsAreRefused() {
    assertThatThrownBy(() -> SITES.decide("LCG.Nowhere.org", false, "", "alice"))
        .isInstanceOf(SpinorException.class)
        .hasMessageContaining("LCG.Nowhere.org");
    assertThatThrownBy(() -> SITES.decide("LCG.North.org", false, "x".repeat(513), "alice"))
        .isInstanceOf(SpinorException.class);
    assertThat(SITES.usable("LCG.North.org")).contains(true);
  }

  @Test
  void siteStatusIsWrittenAsDiracxDoes() {
    SITES.decide("LCG.South.org", false, "", "alice");
    ResponseEntity<?> answer = controller.getSiteStatus(caller("dteam"), null, null);
    assertThat(answer.getBody())
        .isEqualTo(
            Map.of(
                "LCG.North.org", new Access(Allowance.free()),
                "LCG.South.org", new Access(new Allowance.Refused(false, "Banned"))));
    assertThat(controller.getComputeStatus(caller("dteam"), null, null).getBody())
        .isEqualTo(
            Map.of(
                "ce1.north.org", new Access(Allowance.free()),
                "ce1.south.org", new Access(Allowance.free())));
  }

  @Test
  void unchangedStatusIsNotSentAgain() {
    ResponseEntity<?> first = controller.getSiteStatus(caller("dteam"), null, null);
    String etag = first.getHeaders().getFirst("ETag");
    assertThat(etag).matches("2026-11-21T00:00:0\\d\\+00:00-2-dteam");
    assertThat(controller.getSiteStatus(caller("dteam"), "\"" + etag + "\"", null).getStatusCode())
        .isEqualTo(HttpStatus.NOT_MODIFIED);
    assertThat(controller.getSiteStatus(caller("dteam"), etag, null).hasBody()).isFalse();
    String modified = first.getHeaders().getFirst("Last-Modified");
    assertThat(controller.getSiteStatus(caller("dteam"), null, modified).getStatusCode())
        .isEqualTo(HttpStatus.NOT_MODIFIED);
    SITES.decide("LCG.South.org", false, "flood", "alice");
    assertThat(controller.getSiteStatus(caller("dteam"), etag, modified).getStatusCode())
        .isEqualTo(HttpStatus.OK);
    assertThat(controller.getFtsStatus(caller("dteam"), null, null).getHeaders().getFirst("ETag"))
        .isEqualTo("empty-0-dteam");
  }

  @Test
  void storageNeedsEveryKindOfAccessAndTheVosOwnRowWins() {
    for (String access : new String[] {"ReadAccess", "WriteAccess", "CheckAccess"}) {
      storage("SE-1", access, "all", "Active");
    }
    assertThat(controller.getStorageStatus(caller("dteam"), null, null).getBody())
        .isEqualTo(Map.of());
    storage("SE-1", "RemoveAccess", "all", "Degraded");
    storage("SE-1", "WriteAccess", "biomed", "Probing");
    assertThat(controller.getStorageStatus(caller("biomed"), null, null).getBody())
        .isEqualTo(
            Map.of(
                "SE-1",
                new StorageAccess(
                    Allowance.free(),
                    new Allowance.Refused(false, "because"),
                    Allowance.free(),
                    new Allowance.Allowed(true, "because"))));
  }

  private static void storage(String name, String type, String vo, String status) {
    DATABASE
        .jdbc()
        .sql(
            """
            INSERT INTO resources.status (element_type, name, status_type, vo, status, reason, changed_by, date_effective)
            VALUES ('StorageElement', :name, :type, :vo, :status, 'because', 'test', :now)
            """)
        .param("name", name)
        .param("type", type)
        .param("vo", vo)
        .param("status", status)
        .param("now", Instant.parse("2026-11-21T02:00:00Z").atOffset(ZoneOffset.UTC))
        .update();
    BOARD.read();
  }

  private static Caller caller(String vo) {
    return new Caller(
        vo + ":1",
        "alice",
        vo,
        "user",
        Set.of("NormalUser"),
        Caller.Reach.ALL,
        Optional.empty(),
        Optional.empty());
  }
}
