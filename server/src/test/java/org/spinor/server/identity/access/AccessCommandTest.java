package org.spinor.server.identity.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spinor.server.WrongUseException;
import org.spinor.server.web.WireJson;
import tools.jackson.databind.JsonNode;

class AccessCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void accessIsPrintedForPeopleAndPrograms() {
    new AccessCommand(new PrintStream(out, true, StandardCharsets.UTF_8)).run(List.of());
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .anyMatch(
            line -> line.matches("GET /api/auth/userinfo +member:own  pilot:own  payload:own"));
    out.reset();
    new AccessCommand(new PrintStream(out, true, StandardCharsets.UTF_8))
        .run(List.of("--output", "json", "--role", "payload"));
    JsonNode rows = WireJson.mapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(rows).isNotEmpty();
    assertThat(rows.valueStream()).allMatch(row -> row.path("allowed").has("payload"));
    assertThatThrownBy(() -> new AccessCommand().run(List.of("--role", "king")))
        .isInstanceOf(WrongUseException.class)
        .hasMessageContaining("known are anonymous, member");
  }
}
