package org.spinor.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.spinor.api.SpinorException;
import tools.jackson.databind.JsonNode;

class YamlEditTest {
  private static final String TEXT =
      """
      # who we are
      Registry:   # the VOs
        lhcb:
          DefaultGroup: user # of newcomers
          # nobody yet
          Users: {}
          Groups: {user: {Properties: [NormalUser], Users: [], JobShare: 1000}}
          Support:
            Message: |
              Ask us.
              # this is no comment

            Email: a@b.org

      # what may be done
      Operations:
        Defaults:
          JobDescription:
            MaxCPUTime: 5   # seconds
            AllowedJobTypes:
            - User
            - Test
      # the end
      """;

  private static String set(String text, String path, String value) {
    return YamlEdit.of(text).with(YamlPath.parse(path), value);
  }

  private static String unset(String text, String path) {
    return YamlEdit.of(text).with(YamlPath.parse(path), null);
  }

  @Test
  void aValueIsReplacedAndNothingElse() {
    assertThat(set(TEXT, "Registry/lhcb/DefaultGroup", "admin"))
        .isEqualTo(TEXT.replace("DefaultGroup: user #", "DefaultGroup: admin #"));
    assertThat(set(TEXT, "Registry/lhcb/Groups/user/JobShare", "0x10"))
        .isEqualTo(TEXT.replace("1000", "0x10"));
    assertThat(set(TEXT, "Registry/lhcb/Groups/user/Users", "[anna, bert]"))
        .isEqualTo(TEXT.replace("Users: []", "Users: [anna, bert]"));
    assertThat(set(TEXT, "Registry/lhcb/Groups/user/Users", "anna, bert"))
        .as("where a plain text would end at the comma it gets quotes")
        .isEqualTo(TEXT.replace("Users: []", "Users: \"anna, bert\""));
    assertThat(set(TEXT, "Registry/lhcb/Support/Message", "'Ask: us'"))
        .isEqualTo(
            TEXT.replace("|\n        Ask us.\n        # this is no comment\n", "'Ask: us'\n"));
    assertThat(set(TEXT, "Operations/Defaults/JobDescription/AllowedJobTypes", "[User]"))
        .isEqualTo(
            TEXT.replace(
                "AllowedJobTypes:\n      - User\n      - Test\n", "AllowedJobTypes: [User]\n"));
  }

  @Test
  void whatIsMissingIsMadeWhereItBelongs() {
    assertThat(set(TEXT, "Operations/Defaults/JobDescription/MinCPUTime", "1"))
        .isEqualTo(TEXT.replace("      - Test\n", "      - Test\n      MinCPUTime: 1\n"));
    assertThat(set(TEXT, "Registry/lhcb/Groups/user/AutoAddVOMS", "true"))
        .isEqualTo(TEXT.replace("1000}", "1000, AutoAddVOMS: true}"));
    assertThat(set(TEXT, "Registry/lhcb/Users/1234/PreferedUsername", "anna"))
        .isEqualTo(
            TEXT.replace(
                "Users: {}\n", "Users:\n      \"1234\":\n        PreferedUsername: anna\n"));
    assertThat(set(TEXT, "Operations/lhcb/JobScheduling/HeartbeatSeconds", "60"))
        .isEqualTo(
            TEXT.replace(
                "      - Test\n",
                "      - Test\n  lhcb:\n    JobScheduling:\n      HeartbeatSeconds: 60\n"));
    assertThat(set("A:\n  b: 1\n\n    # of b\n  # of A\n\n# of B\nB: 1\n", "A/c", "2"))
        .isEqualTo("A:\n  b: 1\n\n    # of b\n  # of A\n  c: 2\n\n# of B\nB: 1\n");
    assertThat(set("A:\nB: 1", "A/c", "2")).isEqualTo("A:\n  c: 2\nB: 1");
    assertThat(set("A:   # nothing yet\nB: 1\n", "A/c", "{d: [1, x], e: {}}"))
        .isEqualTo("A:   # nothing yet\n  c:\n    d: [1, x]\n    e: {}\nB: 1\n");
    assertThat(set("A: 1", "B", "x: 1\nz: 2\n")).isEqualTo("A: 1\nB:\n  x: 1\n  z: 2");
  }

  @Test
  void namesAreTakenAway() {
    assertThat(unset(TEXT, "Registry/lhcb/DefaultGroup"))
        .isEqualTo(TEXT.replace("    DefaultGroup: user # of newcomers\n", ""));
    assertThat(unset(TEXT, "Registry/lhcb/Groups/user/JobShare"))
        .isEqualTo(TEXT.replace(", JobShare: 1000", ""));
    assertThat(unset(TEXT, "Registry/lhcb/Groups/user/Properties"))
        .isEqualTo(TEXT.replace("Properties: [NormalUser], ", ""));
    assertThat(unset(TEXT, "Registry/lhcb/Support/Message"))
        .isEqualTo(
            TEXT.replace("      Message: |\n        Ask us.\n        # this is no comment\n", ""));
    assertThat(unset(TEXT, "Operations/Defaults/JobDescription"))
        .endsWith("  Defaults:\n# the end\n");
    assertThatThrownBy(() -> unset(TEXT, "Registry/lhcb/DefaultGrup"))
        .isInstanceOf(SpinorException.class)
        .hasMessageContaining("nothing is written at Registry/lhcb/DefaultGrup; did you mean");
  }

  @Test
  void anchorsAndMergesAreNotDamaged() {
    String text =
        """
        A: &base {x: 1, y: 2}
        B: *base
        C:
          <<: *base
          z: 3
        D: *base
        """;
    assertThat(set(text, "C/z", "4")).isEqualTo(text.replace("z: 3", "z: 4"));
    assertThat(set(text, "C/x", "5")).isEqualTo(text.replace("z: 3\n", "z: 3\n  x: 5\n"));
    assertThat(set(text, "E", "6")).isEqualTo(text + "E: 6\n".strip() + "\n");
    for (String path : List.of("A/x", "B/x", "A", "D/y")) {
      assertThatThrownBy(() -> set(text, path, "7"))
          .as(path)
          .hasMessageContaining("cannot be changed alone");
    }
    assertThatThrownBy(() -> set(text, "A/x/y", "7")).hasMessageContaining("A/x is a value");
  }

  @Test
  void whatIsNoValueIsRefused() {
    assertThatThrownBy(() -> set(TEXT, "LogLevel", "[1"))
        .isInstanceOfSatisfying(
            SpinorException.class,
            e -> assertThat(e.problems().getFirst()).startsWith("LogLevel: line 1, column 3"));
    assertThatThrownBy(() -> set(TEXT, "LogLevel", "")).hasMessageContaining("unset");
    assertThatThrownBy(() -> set(TEXT, "", "1")).hasMessageContaining("expected names");
    assertThatThrownBy(() -> set("a: [", "b", "1")).hasMessageContaining("cannot be read");
  }

  @Test
  void lettersBeyondTheBasicPlaneAndOtherLineEndsCount() {
    assertThat(set("# \uD83C\uDF00\uD83C\uDF00\r\nA: ü\uD83C\uDF00 # x\r\nB: 1\r\n", "A", "neu"))
        .isEqualTo("# \uD83C\uDF00\uD83C\uDF00\r\nA: neu # x\r\nB: 1\r\n");
    assertThat(set("A: 1\r\n", "B/c", "1")).isEqualTo("A: 1\r\nB:\r\n  c: 1\r\n");
  }

  /** Any place of a real file: it says the new value afterwards, and all comments are there. */
  @Property(tries = 300)
  void everyPlaceOfARealFileCanBeChanged(@ForAll long seed) throws Exception {
    String text = Files.readString(Path.of("../docs/operator/example.yml"));
    Random random = new Random(seed);
    List<List<String>> paths = new ArrayList<>();
    collect(Expansion.free(YamlReader.read(text, new ArrayList<>())), List.of(), paths);
    List<String> path = paths.get(random.nextInt(paths.size()));
    String value =
        List.of("7", "some text", "[a, 'b, c']", "{x: 1, y: {z: [1]}}", "\"#: {\"")
            .get(random.nextInt(5));
    String changed = YamlEdit.of(text).with(path, value);
    JsonNode found = Expansion.free(YamlReader.read(changed, new ArrayList<>()));
    for (String name : path) {
      found = found.path(name);
    }
    assertThat(found)
        .isEqualTo(Expansion.free(YamlReader.value(value, new ArrayList<>()).orElseThrow()));
    String without = YamlEdit.of(changed).with(path, null);
    assertThat(comments(without)).isSubsetOf(comments(text));
    assertThat(comments(changed).size()).isLessThanOrEqualTo(comments(text).size());
  }

  private static void collect(JsonNode node, List<String> path, List<List<String>> all) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      List<String> inside = new ArrayList<>(path);
      inside.add(entry.getKey());
      all.add(inside);
      collect(entry.getValue(), inside, all);
    }
  }

  private static List<String> comments(String text) {
    return text.lines().map(String::strip).filter(line -> line.startsWith("#")).toList();
  }
}
