package org.spinor.server.identity.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.SpinorException;
import org.spinor.server.WrongUseException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.web.WireJson;
import tools.jackson.databind.node.JsonNodeFactory;

class BrokerCommandsTest {
  @TempDir Path data;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private void secrets(String input, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--data=" + data);
    out.reset();
    err.reset();
    int code =
        new SecretsCommand(
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8))
            .run(all);
    assertThat(code).isZero();
    assertThat(out.toString(UTF_8) + err.toString(UTF_8))
        .doesNotContain(input.isEmpty() ? "nothing" : input);
  }

  @Test
  void secretsAreSetListedAndRemoved() throws Exception {
    secrets("s3cret-1", "set", "ssh-key", "--site", "LCG.East.org", "--ce", "ce.east.org");
    secrets("s3cret-2", "set", "proxy", "--vo", "biomed");
    secrets("s3cret-3", "set", "--provider", "biomed");
    Path file = data.resolve("secrets/elements/LCG.East.org/ce.east.org/_/ssh-key");
    assertThat(Files.readString(file)).isEqualTo("s3cret-1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(data.resolve("secrets/elements/_/_/biomed/proxy")).hasContent("s3cret-2");
    assertThat(data.resolve("secrets/idp-biomed-tokens-secret")).hasContent("s3cret-3");
    secrets("s3cret-4", "set", "proxy", "--vo", "biomed");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(data.resolve("secrets/elements/stray"), "x");
    secrets("", "list");
    assertThat(out.toString(UTF_8).lines().map(line -> line.replaceAll(" +", " ").strip()))
        .contains(
            "ssh-key LCG.East.org ce.east.org all other accounts may read %s: chmod 600 %s"
                .formatted(file, file),
            "proxy all all biomed",
            "tokens-secret (provider) biomed")
        .anyMatch(line -> line.startsWith("stray ") && line.endsWith("nobody finds it"));
    secrets("", "list", "--output", "json");
    assertThat(WireJson.mapper().readTree(out.toString(UTF_8)).get(0).path("name").asString())
        .isEqualTo("ssh-key");
    secrets("", "remove", "proxy", "--vo", "biomed");
    assertThatThrownBy(() -> secrets("", "remove", "proxy", "--vo", "biomed"))
        .isInstanceOf(SpinorException.class)
        .hasMessageContaining("spinor admin secrets list");
  }

  @Test
  void wrongUseIsToldInWords() {
    for (List<String> wrong :
        List.of(
            List.of("lst"),
            List.of("set"),
            List.of("set", "Name"),
            List.of("set", "x", "--ce", "c"),
            List.of("set", "x", "--provider", "biomed"),
            List.of("set", "x", "--vo", "../biomed"),
            List.of("make-key"),
            List.of("set", "x", "y"))) {
      assertThatThrownBy(() -> secrets("s", wrong.toArray(String[]::new)))
          .as(wrong.toString())
          .isInstanceOf(WrongUseException.class);
    }
    assertThatThrownBy(() -> secrets("lst", "lst")).hasMessageContaining("did you mean list");
    assertThatThrownBy(() -> secrets(" \n", "set", "x")).hasMessageContaining("empty");
  }

  @Test
  void publicHalfOfAKeyHasNoPrivateOne() throws Exception {
    secrets("", "make-key", "--provider", "biomed");
    JWKSet shown = JWKSet.parse(out.toString(UTF_8));
    assertThat(shown.getKeys()).hasSize(1).noneMatch(key -> key.isPrivate());
    assertThat(Files.readString(data.resolve("secrets/idp-biomed-tokens-key")))
        .contains(shown.getKeys().getFirst().getKeyID());
  }

  @Test
  void tokenIsTriedAndNotShown() throws Exception {
    assertThatThrownBy(() -> providerToken("--vo", "earth", "--audience", BrokerRoom.CE))
        .hasMessageContaining("no server has run on");
    try (TokenShop shop = new TokenShop(Clock.systemUTC()::instant)) {
      ProviderFacts.write(data, configuration(shop.url()));
      secrets("s3cret-5", "set", "--provider", "earth");
      assertThat(providerToken("--vo", "earth", "--audience", BrokerRoom.CE, "--output", "json"))
          .contains("\"scope\":\"compute.read\"", "\"aud\":[\"" + BrokerRoom.CE + "\"]")
          .doesNotContain("eyJ");
      assertThat(providerToken("--vo", "earth", "--audience", BrokerRoom.CE))
          .contains("  iss                " + shop.url())
          .doesNotContain("eyJ");
      Path subject = Files.writeString(data.resolve("subject"), "somebody's\n");
      providerToken("--vo", "earth", "--audience", BrokerRoom.CE, "--exchange", subject.toString());
      assertThat(shop.requests.getLast().field("subject_token")).isEqualTo("somebody's");
      assertThatThrownBy(() -> providerToken("--vo", "erth", "--audience", "x"))
          .hasMessageContaining("did you mean earth");
      assertThatThrownBy(() -> providerToken("--vo", "earth"))
          .isInstanceOf(WrongUseException.class);
      shop.answer = (request, http) -> TokenShop.refuse(http, 400, "invalid_scope", "no");
      assertThatThrownBy(() -> providerToken("--vo", "earth", "--audience", "x"))
          .isInstanceOf(SpinorException.class)
          .hasMessageContaining("invalid_scope");
    }
  }

  private String providerToken(String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--data=" + data);
    out.reset();
    assertThat(new ProviderTokenCommand(new PrintStream(out, true, UTF_8)).run(all)).isZero();
    return out.toString(UTF_8);
  }

  private static Configuration configuration(String url) {
    IdentityProvider provider =
        new IdentityProvider(
            url,
            "login",
            List.of("openid"),
            "preferred_username",
            Optional.of("groups"),
            new TreeMap<>(),
            Optional.of(BrokerRoom.USUAL));
    Configuration.Vo vo =
        new Configuration.Vo(
            "earth",
            "users",
            Optional.of(provider),
            new Configuration.Support("", null, null),
            new TreeMap<>(),
            new TreeMap<>());
    return new Configuration(
        "0".repeat(40),
        Instant.EPOCH,
        new TreeMap<>(Map.of("earth", vo)),
        new TreeMap<>(),
        new Configuration.Resources(new TreeMap<>(), new TreeMap<>()),
        JsonNodeFactory.instance.objectNode());
  }
}
