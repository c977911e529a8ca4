package org.spinor.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spinor.client.Json;

class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Terminal terminal(Map<String, String> environment) {
    return new Terminal(
        new ByteArrayInputStream(new byte[0]),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        environment);
  }

  @Test
  void yamlIsReadBackAsWhatItWas() {
    String yaml =
        Yaml.write(
            Json.tree(
                """
                {"plain":"a b.c","empty":"","number like":"12","yes":"yes","colon":"a: b","lines":"a\\nb",
                 "list":[1,{"x":[],"w":{"z":null}},["in","side"]],"none":{}}"""));
    assertThat(yaml)
        .isEqualTo(
            """
            plain: a b.c
            empty: ""
            number like: "12"
            "yes": "yes"
            colon: "a: b"
            lines: "a\\nb"
            list:
            - 1
            - x: []
              w:
                z: null
            - - in
              - side
            none: {}
            """);
  }

  @Test
  void tableIsAsWideAsItsContentsOrTheTerminal() {
    Table table = new Table("Name", "N").row("short", 5).row("a".repeat(50), 12345);
    assertThat(table.lines(terminal(Map.of())))
        .allMatch(line -> line.length() <= 57)
        .anyMatch(line -> line.length() == 57);
    List<String> narrow = table.lines(terminal(Map.of("SPINOR_TERMINALS", "out", "COLUMNS", "30")));
    assertThat(narrow).allMatch(line -> line.length() <= 30);
    assertThat(narrow.getLast()).contains("..").endsWith("12345");
    assertThat(narrow.get(1)).endsWith("    5");
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    assertThat(Terminal.harmless("a\u001b[31mb\u0007\u009bc\td\n")).isEqualTo("a?[31mb??c\td\n");
  }

  @Test
  void liveViewRedrawsInPlaceOnATerminal() {
    try (LiveView view =
        new LiveView(terminal(Map.of("SPINOR_TERMINALS", "err")), Clock.systemUTC())) {
      view.show(List.of("one", "two"), "plain");
      view.show(List.of("three"), "plain");
    }
    String shown = err.toString(StandardCharsets.UTF_8);
    assertThat(shown)
        .startsWith("one\u001b[K\ntwo\u001b[K\n\u001b[2A\rthree\u001b[K\n")
        .endsWith("\u001b[1A\r\u001b[J");
  }

  @Test
  void liveViewIsALineNowAndThenElsewhere() {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    LiveView view = new LiveView(terminal(Map.of()), Clock.fixed(now, ZoneOffset.UTC));
    view.show(List.of("x"), "1 of 3");
    view.show(List.of("x"), "2 of 3");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("1 of 3\n");
  }

  @Test
  void timesAreReadAsPeopleWriteThem() {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    ZoneId zone = ZoneId.of("Europe/Paris");
    assertThat(Times.since("2h", now, zone)).isEqualTo("2026-11-21T10:00:00Z");
    assertThat(Times.since("1w", now, zone)).isEqualTo("2026-11-14T12:00:00Z");
    assertThat(Times.since("2026-11-01", now, zone)).isEqualTo("2026-10-31T23:00:00Z");
    assertThat(Times.since("2026-11-01 10:30", now, zone)).isEqualTo("2026-11-01T09:30:00Z");
    assertThat(Times.since("2026-11-01T10:30:00Z", now, zone)).isEqualTo("2026-11-01T10:30:00Z");
    assertThatThrownBy(() -> Times.since("soon", now, zone))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("examples");
    assertThat(Times.shown("2026-11-21T03:15:39.902881Z", zone)).isEqualTo("2026-11-21 04:15:39");
    assertThat(Times.shown("never", zone)).isEqualTo("never");
  }

  @Test
  void spansAreShownAsLongAsNeeded() {
    assertThat(Times.shown(Duration.ofMillis(840))).isEqualTo("0.8 s");
    assertThat(Times.shown(Duration.ofSeconds(42))).isEqualTo("42 s");
    assertThat(Times.shown(Duration.ofSeconds(200))).isEqualTo("3 min 20 s");
    assertThat(Times.shown(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
  }
}
