package org.spinor.server.pilots.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.PilotMetadata;
import org.spinor.api.SpinorException;
import org.spinor.server.database.SearchRequest;
import org.spinor.server.database.SearchRequest.Spec;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.Caller;
import org.spinor.server.pilots.PilotRoom;
import org.spinor.server.pilots.life.PilotRegistration;
import org.spinor.server.web.WireJson;
import org.springframework.http.ResponseEntity;
import tools.jackson.core.JacksonException;

/** The pilot routes of DiracX, as its clients see them. */
class PilotContractTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotRoom ROOM = new PilotRoom(DATABASE);
  private static final PilotController CONTROLLER = ROOM.get(PilotController.class);
  private static final Caller ADMIN = PilotRoom.admin();
  private static final Caller GENERIC = PilotRoom.person("dteam", Caller.Reach.VO, "GenericPilot");
  private static final Caller USER = PilotRoom.person("dteam", Caller.Reach.VO, "NormalUser");

  @AfterAll
  static void close() {
    ROOM.close();
    DATABASE.close();
  }

  @BeforeEach
  void clean() {
    DATABASE.jdbc().sql("TRUNCATE pilots.pilot, pilots.live, pilots.job_pilot").update();
  }

  @Test
  void registrationFillsTheColumns() {
    ResponseEntity<String> answer =
        CONTROLLER.registerPilot(
            ADMIN, registration("{\"pilot_stamp\": \"s1\", \"vo\": \"dteam\"}"));
    assertThat(answer.getStatusCode().value()).isEqualTo(201);
    assertThat(answer.getBody()).isEqualTo("null");
    assertThat(search(ADMIN, List.of()).getFirst().keySet())
        .containsExactly(
            "PilotID",
            "InitialJobID",
            "CurrentJobID",
            "PilotJobReference",
            "PilotStamp",
            "DestinationSite",
            "Queue",
            "GridSite",
            "VO",
            "GridType",
            "BenchMark",
            "SubmissionTime",
            "LastUpdateTime",
            "Status",
            "StatusReason",
            "AccountingSent",
            "Host");
    assertThat(search(ADMIN, List.of()).getFirst())
        .containsEntry("PilotJobReference", "s1")
        .containsEntry("DestinationSite", "NotAssigned")
        .containsEntry("GridSite", "Unknown")
        .containsEntry("GridType", "DIRAC")
        .containsEntry("Status", "Submitted")
        .containsEntry("StatusReason", "Unknown")
        .containsEntry("BenchMark", 0.0)
        .containsEntry("AccountingSent", false);
  }

  @Test
  void registrationRefusesWhatIsWrong() {
    register("s1", "dteam");
    assertRefused(
        () -> register("s1", "dteam"), ErrorCode.CONFLICT, "Pilot with stamp 's1' already exists");
    assertRefused(
        () -> register("s2", "nobody"),
        ErrorCode.INVALID_REQUEST,
        "VO 'nobody' is not registered in this installation.");
    assertRefused(
        () ->
            CONTROLLER.registerPilot(
                GENERIC, registration("{\"pilot_stamp\": \"s3\", \"vo\": \"biomed\"}")),
        ErrorCode.FORBIDDEN,
        "Pilots can only be registered for your own VO.");
    assertRefused(() -> register("s".repeat(33), "dteam"), ErrorCode.UNPROCESSABLE, "1 to 32");
    assertThatThrownBy(() -> registration("{\"vo\": \"dteam\"}"))
        .isInstanceOf(JacksonException.class);
    assertThatThrownBy(
            () -> registration("{\"pilot_stamp\": \"s\", \"vo\": \"dteam\", \"colour\": 1}"))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void metadataChangeWhatTheyName() {
    register("s1", "dteam");
    register("s2", "dteam");
    CONTROLLER.updatePilotMetadata(
        ADMIN,
        Map.of(
            "s1", metadata("{\"Status\": \"Waiting\", \"BenchMark\": 1.5, \"Queue\": \"q\"}"),
            "s2", metadata("{\"status_reason\": \"because\", \"AccountingSent\": true}")));
    assertThat(one("s1"))
        .containsEntry("Status", "Waiting")
        .containsEntry("BenchMark", 1.5)
        .containsEntry("Queue", "q")
        .containsEntry("StatusReason", "Unknown");
    assertThat(one("s2"))
        .containsEntry("Status", "Submitted")
        .containsEntry("StatusReason", "because")
        .containsEntry("AccountingSent", true);
    CONTROLLER.updatePilotMetadata(ADMIN, Map.of("s1", metadata("{\"Status\": \"Done\"}")));
    assertThat(ROOM.status("s1")).isEqualTo("Done");
    CONTROLLER.updatePilotMetadata(ADMIN, Map.of("s1", metadata("{\"Status\": \"Waiting\"}")));
    assertThat(ROOM.status("s1")).as("an administrator may do anything").isEqualTo("Waiting");
    Object before = one("s1").get("LastUpdateTime");
    CONTROLLER.updatePilotMetadata(ADMIN, Map.of("s1", metadata("{}")));
    CONTROLLER.updatePilotMetadata(ADMIN, Map.of());
    assertThat(one("s1").get("LastUpdateTime")).isEqualTo(before);
  }

  @Test
  void metadataAreForThoseWhoMay() {
    register("s1", "dteam");
    register("s2", "dteam");
    register("b1", "biomed");
    PilotMetadata waiting = metadata("{\"Status\": \"Waiting\"}");
    assertRefused(
        () -> CONTROLLER.updatePilotMetadata(ADMIN, Map.of("s1", waiting, "nobody", waiting)),
        ErrorCode.NOT_FOUND,
        "At least one pilot does not exist.");
    assertThat(ROOM.status("s1")).isEqualTo("Submitted");
    assertRefused(
        () -> CONTROLLER.updatePilotMetadata(GENERIC, Map.of("s1", waiting, "s2", waiting)),
        ErrorCode.FORBIDDEN,
        "Insufficient permissions to modify more than one pilot.");
    assertRefused(
        () -> CONTROLLER.updatePilotMetadata(GENERIC, Map.of("b1", waiting)),
        ErrorCode.FORBIDDEN,
        "Insufficient permissions to access all of the provided pilots.");
    CONTROLLER.updatePilotMetadata(GENERIC, Map.of("s1", waiting));
    assertThat(ROOM.status("s1")).isEqualTo("Waiting");
    assertRefused(
        () ->
            CONTROLLER.updatePilotMetadata(
                ADMIN,
                Map.of(
                    "s1",
                    new PilotMetadata(
                        "x".repeat(256), null, null, null, null, null, null, null, null))),
        ErrorCode.UNPROCESSABLE,
        "StatusReason");
  }

  @Test
  void searchShowsTheCallersVoOnly() {
    register("s1", "dteam");
    register("b1", "biomed");
    assertThat(search(ADMIN, List.of())).hasSize(2);
    assertThat(search(USER, List.of()))
        .extracting(row -> row.get("PilotStamp"))
        .containsExactly("s1");
    assertThat(search(USER, List.of(new Spec("VO", "in", null, List.of("dteam", "biomed")))))
        .hasSize(1);
  }

  @Test
  void searchByJobFindsThePilotsThatRanIt() {
    register("s1", "dteam");
    register("s2", "dteam");
    register("s3", "dteam");
    ROOM.jobs.give("s1", 42, 1);
    ROOM.jobs.give("s2", 42, 2);
    CONTROLLER.updatePilotMetadata(ADMIN, Map.of("s3", metadata("{\"CurrentJobID\": 43}")));
    assertThat(stamps(new Spec("JobID", "eq", "42", null))).containsExactly("s1", "s2");
    assertThat(stamps(new Spec("JobID", "in", null, List.of(42, 43))))
        .containsExactly("s1", "s2", "s3");
    assertThat(stamps(new Spec("JobID", "eq", 4711, null))).isEmpty();
    assertThat(one("s3")).containsEntry("InitialJobID", 43L).containsEntry("CurrentJobID", 43L);
    assertRefused(() -> stamps(new Spec("JobID", "gt", 1, null)), ErrorCode.INVALID_REQUEST, "eq");
    assertRefused(
        () -> stamps(new Spec("JobID", "eq", "many", null)), ErrorCode.INVALID_REQUEST, "number");
    assertRefused(
        () ->
            search(
                ADMIN,
                List.of(new Spec("JobID", "eq", 42, null), new Spec("PilotID", "eq", 1, null))),
        ErrorCode.INVALID_REQUEST,
        "together");
  }

  @Test
  void pagesHaveTheirRange() {
    for (int i = 0; i < 3; i++) {
      register("s" + i, "dteam");
    }
    ResponseEntity<List<Map<String, @Nullable Object>>> page = CONTROLLER.search(ADMIN, null, 1, 2);
    assertThat(page.getStatusCode().value()).isEqualTo(206);
    assertThat(page.getHeaders().getFirst("Content-Range")).isEqualTo("pilots 0-1/3");
    assertThat(CONTROLLER.search(ADMIN, null, 9, 2).getHeaders().getFirst("Content-Range"))
        .isEqualTo("pilots */3");
    assertThat(CONTROLLER.search(ADMIN, null, 1, 100).getHeaders().getFirst("Content-Range"))
        .isNull();
  }

  @Test
  void summaryCounts() {
    register("s1", "dteam");
    register("s2", "dteam");
    register("b1", "biomed");
    assertThat(CONTROLLER.summary(USER, new SearchRequest.Summary(List.of("Status"), List.of())))
        .containsExactly(Map.of("Status", "Submitted", "count", 2L));
    assertThat(CONTROLLER.summary(ADMIN, new SearchRequest.Summary(List.of(), List.of())))
        .hasSize(3);
  }

  private static void register(String stamp, String vo) {
    CONTROLLER.registerPilot(
        ADMIN, registration("{\"pilot_stamp\": \"" + stamp + "\", \"vo\": \"" + vo + "\"}"));
  }

  private static PilotRegistration registration(String json) {
    return WireJson.mapper().readValue(json, PilotRegistration.class);
  }

  private static PilotMetadata metadata(String json) {
    return WireJson.mapper().readValue(json, PilotMetadata.class);
  }

  private static List<Map<String, @Nullable Object>> search(Caller caller, List<Spec> specs) {
    List<Map<String, @Nullable Object>> rows =
        CONTROLLER
            .search(caller, new SearchRequest(List.of(), specs, List.of(), false), 1, 100)
            .getBody();
    return rows == null ? List.of() : rows;
  }

  private static Map<String, @Nullable Object> one(String stamp) {
    return search(ADMIN, List.of(new Spec("PilotStamp", "eq", stamp, null))).getFirst();
  }

  private static List<Object> stamps(Spec spec) {
    return search(ADMIN, List.of(spec)).stream()
        .<Object>map(row -> String.valueOf(row.get("PilotStamp")))
        .toList();
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String text) {
    assertThatThrownBy(call)
        .hasMessageContaining(text)
        .isInstanceOfSatisfying(SpinorException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
