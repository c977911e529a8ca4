package org.spinor.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();

  @BeforeAll
  static void tables() {
    DATABASE
        .jdbc()
        .sql(
            "CREATE SCHEMA jobs_test CREATE TABLE note (id bigint PRIMARY KEY, text text, tags text[])")
        .update();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void copyKeepsEveryCharacter() {
    String awkward = "tab\t newline\n return\r backslash\\ quote\" brace} umlaut ä \uD83D\uDE80";
    CopyIn rows =
        new CopyIn()
            .value(1L)
            .value(awkward)
            .value(List.of(awkward, "b"))
            .endRow()
            .value(2)
            .value(null)
            .value(List.of())
            .endRow();
    DATABASE
        .transactions()
        .run(() -> rows.into(DATABASE.dataSource(), "jobs_test.note (id, text, tags)"));
    assertThat(
            DATABASE
                .jdbc()
                .sql("SELECT text FROM jobs_test.note WHERE id = 1")
                .query(String.class)
                .single())
        .isEqualTo(awkward);
    assertThat(
            DATABASE
                .jdbc()
                .sql("SELECT tags[1] FROM jobs_test.note WHERE id = 1")
                .query(String.class)
                .single())
        .isEqualTo(awkward);
    assertThat(
            DATABASE
                .jdbc()
                .sql("SELECT count(*) FROM jobs_test.note WHERE text IS NULL")
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void batcherAnswersEachCallerAndIsolatesTheBadOne() throws Exception {
    List<Integer> sizes = java.util.Collections.synchronizedList(new ArrayList<>());
    try (Batcher<Integer, Integer> batcher =
            new Batcher<>(
                "doubling",
                1,
                100,
                numbers -> {
                  sizes.add(numbers.size());
                  if (numbers.contains(13)) {
                    throw new IllegalArgumentException("thirteen");
                  }
                  return numbers.stream().map(n -> 2 * n).toList();
                });
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int number = i;
        answers.add(callers.submit(() -> batcher.submit(number)));
      }
      for (int i = 0; i < 50; i++) {
        Future<Integer> answer = answers.get(i);
        if (i == 13) {
          assertThatThrownBy(answer::get).hasRootCauseInstanceOf(IllegalArgumentException.class);
        } else {
          assertThat(answer.get()).isEqualTo(2 * i);
        }
      }
    }
    assertThat(sizes).isNotEmpty();
  }

  @Test
  void notificationsReachAnotherServer() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    CountDownLatch listening = new CountDownLatch(1);
    try (Notifications other = DATABASE.anotherListener()) {
      other.listen(
          "test_channel",
          new Notifications.Listener() {
            @Override
            public void heard(String payload) {
              if (payload.equals("hello")) {
                heard.countDown();
              }
            }

            @Override
            public void missed() {
              listening.countDown();
            }
          });
      assertThat(listening.await(120, TimeUnit.SECONDS)).isTrue();
      DATABASE.notifications().send("test_channel", "hello");
      assertThat(heard.await(120, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void transactionRollsBackAsAWhole() {
    assertThatThrownBy(
            () ->
                DATABASE
                    .transactions()
                    .run(
                        () -> {
                          DATABASE
                              .jdbc()
                              .sql("INSERT INTO jobs_test.note (id) VALUES (77)")
                              .update();
                          throw new IllegalStateException("stop");
                        }))
        .hasMessage("stop");
    assertThat(
            DATABASE
                .jdbc()
                .sql("SELECT count(*) FROM jobs_test.note WHERE id = 77")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void loginIsReadFromTheUsualFormOfUrl() {
    Notifications.Login login =
        DatabaseServer.login("postgresql://me:secret@db.example.org:6000/spinor?ssl=true");
    assertThat(login.url()).isEqualTo("jdbc:postgresql://db.example.org:6000/spinor?ssl=true");
    assertThat(login.user()).isEqualTo("me");
    assertThat(login.password()).isEqualTo("secret");
    assertThat(login).asString().doesNotContain("secret");
  }
}
