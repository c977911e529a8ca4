package org.spinor.server.pilots.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotRoom;
import org.spinor.server.pilots.PilotsProperties;
import org.spinor.server.pilots.contact.Contacts;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;

class PilotLogsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotsProperties PROPERTIES =
      new PilotsProperties(
          Duration.ofSeconds(60),
          3,
          Duration.ofDays(1),
          Duration.ofMinutes(30),
          DataSize.ofBytes(1000),
          Duration.ofDays(30),
          Duration.ofDays(30),
          Duration.ofDays(14),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          5,
          Duration.ofHours(6));
  private static final PilotRoom ROOM =
      new PilotRoom(DATABASE, DATABASE.notifications(), new FakeJobs(), PROPERTIES);

  @AfterAll
  static void close() {
    ROOM.close();
    DATABASE.close();
  }

  @Test
  void piecesMakeOneText() {
    String stamp = ROOM.newPilot();
    assertThat(send(stamp, 0, "hello ")).containsEntry("next_offset", 6L);
    assertThat(send(stamp, 6, "w\u00f6rld")).containsEntry("next_offset", 12L);
    assertThat(read(stamp, 0)).isEqualTo("hello w\u00f6rld");
    assertThat(read(stamp, 3)).isEqualTo("lo w\u00f6rld");
    assertThat(read(stamp, 6)).isEqualTo("w\u00f6rld");
    assertThat(read(stamp, 12)).isEmpty();
    assertThat(read(stamp, 99)).isEmpty();
  }

  @Test
  void whatIsThereAlreadyIsSkipped() {
    String stamp = ROOM.newPilot();
    send(stamp, 0, "abc");
    assertThat(send(stamp, 0, "abc")).containsEntry("next_offset", 3L);
    assertThat(send(stamp, 1, "bcd")).containsEntry("next_offset", 4L);
    assertThat(send(stamp, 0, "a")).containsEntry("next_offset", 4L);
    assertThat(send(stamp, 4, "")).containsEntry("next_offset", 4L);
    assertThat(read(stamp, 0)).isEqualTo("abcd");
  }

  @Test
  void gapIsRefusedWithTheOffsetWanted() {
    String stamp = ROOM.newPilot();
    send(stamp, 0, "abc");
    ResponseEntity<Map<String, Object>> answer =
        ROOM.agents.log(PilotRoom.pilot(stamp), stamp, 7, new byte[] {'x'});
    assertThat(answer.getStatusCode().value()).isEqualTo(409);
    assertThat(answer.getBody()).containsEntry("next_offset", 3L).containsEntry("code", "CONFLICT");
    assertThat(read(stamp, 0)).isEqualTo("abc");
  }

  @Test
  void logThatIsTooLongKeepsItsBeginningAndThePilotGoesOn() {
    String stamp = ROOM.newPilot();
    assertThat(send(stamp, 0, "x".repeat(700))).containsEntry("next_offset", 700L);
    assertThat(send(stamp, 700, "y".repeat(700))).containsEntry("next_offset", 1400L);
    assertThat(send(stamp, 1400, "z")).containsEntry("next_offset", 1401L);
    assertThat(read(stamp, 0)).isEqualTo("x".repeat(700) + "y".repeat(300));
  }

  @Test
  void samePiecesSentAtTheSameTimeByManyAreKeptOnce() throws Exception {
    String stamp = ROOM.newPilot();
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 30; i++) {
        String piece = Integer.toString(random.nextInt(1_000_000)) + "\n";
        long offset = text.length();
        text.append(piece);
        List<Future<Map<String, Object>>> answers = new ArrayList<>();
        for (int copy = 0; copy < 4; copy++) {
          answers.add(senders.submit(() -> send(stamp, offset, piece)));
        }
        for (Future<Map<String, Object>> answer : answers) {
          assertThat(answer.get()).containsEntry("next_offset", (long) text.length());
        }
      }
    }
    assertThat(read(stamp, 0)).isEqualTo(text.toString());
  }

  @Test
  void logsSurviveInPartitionsAndGoWithThem() {
    String stamp = ROOM.newPilot();
    send(stamp, 0, "before ");
    PilotHousekeeping housekeeping = ROOM.get(PilotHousekeeping.class);
    housekeeping.run("");
    send(stamp, 7, "after");
    assertThat(read(stamp, 0)).isEqualTo("before after");
    DATABASE
        .jdbc()
        .sql(
            "UPDATE pilots.pilot SET status = 'Done', last_update_time = now() - interval '31 days' WHERE stamp = :s")
        .param("s", stamp)
        .update();
    housekeeping.run("");
    assertThat(
            DATABASE
                .jdbc()
                .sql("SELECT count(*) FROM pilots.pilot WHERE stamp = :s")
                .param("s", stamp)
                .query(Long.class)
                .single())
        .isZero();
  }

  private static Map<String, Object> send(String stamp, long offset, String text) {
    Map<String, Object> answer =
        ROOM.agents
            .log(PilotRoom.pilot(stamp), stamp, offset, text.getBytes(StandardCharsets.UTF_8))
            .getBody();
    return answer == null ? Map.of() : answer;
  }

  private static String read(String stamp, long offset) {
    long pilotId = ROOM.get(Contacts.class).standing(stamp).orElseThrow().pilotId();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ROOM.get(PilotLogs.class).copy(pilotId, offset, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
