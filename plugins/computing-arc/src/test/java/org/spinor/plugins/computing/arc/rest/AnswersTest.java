package org.spinor.plugins.computing.arc.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.spinor.spi.TemporaryException;

/** Answers recorded from an A-REX 6.17.0, and what may come instead of them. */
class AnswersTest {
  private static byte[] recorded(String name) {
    try (InputStream file =
        Objects.requireNonNull(AnswersTest.class.getResourceAsStream(name + "-6.17.xml"))) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void versionsAreRead() {
    assertThat(Answers.versions(recorded("versions"))).containsExactly("1.0");
    assertThat(
            Answers.versions(
                bytes("<versions><version>1.0</version><version>1.1</version></versions>")))
        .containsExactly("1.0", "1.1");
  }

  @Test
  void statesComeInTwoListsOfDifferentAge() {
    List<JobItem> told = Answers.items(recorded("status"));
    assertThat(told.stream().map(JobItem::state).flatMap(Optional::stream))
        .contains(ArcState.FINISHED, ArcState.FAILED, ArcState.KILLED, ArcState.EXITINGLRMS);
    assertThat(told.getLast())
        .isEqualTo(
            new JobItem(
                404,
                "Job not found",
                "nosuchjob",
                Optional.empty(),
                JobItem.Facts.NONE,
                List.of()));
    assertThat(told.getLast().isUnknown()).isTrue();
    assertThat(Answers.list(recorded("states")).values()).containsOnly("FINISHED", "FAILED");
  }

  @Test
  void informationHasNameHostExitCodeAndError() {
    List<JobItem> items = Answers.items(recorded("information"));
    assertThat(items).hasSizeGreaterThan(10);
    assertThat(items.stream().filter(JobItem::isGood).map(item -> item.facts().name()))
        .allMatch(name -> name.startsWith("contract"));
    assertThat(items.stream().map(JobItem::facts))
        .anySatisfy(
            facts -> {
              assertThat(facts.host()).isEqualTo("vm");
              assertThat(facts.exitCode()).isEqualTo("3");
              assertThat(facts.error())
                  .isEqualTo("LRMS error: (3) Job finished with wrong exit code - 3 != 0");
            });
    assertThat(items.stream().map(JobItem::state).flatMap(Optional::stream))
        .contains(ArcState.FINISHED, ArcState.FAILED, ArcState.KILLED);
  }

  @Test
  void creationTellsOfEachJob() {
    List<JobItem> items =
        Answers.items(
            bytes(
                """
                <jobs>
                  <job><status-code>201</status-code><reason>Created</reason><id>EzELDmci</id><state>ACCEPTING</state></job>
                  <job><status-code>500</status-code><reason>Requested queue nowhere is not allowed for this user</reason></job>
                </jobs>"""));
    assertThat(items).extracting(JobItem::isGood).containsExactly(true, false);
    assertThat(items).extracting(JobItem::id).containsExactly("EzELDmci", "");
  }

  @Test
  void everyStateIsKnownAndNoOtherIsGuessed() {
    for (ArcState state : ArcState.values()) {
      assertThat(ArcState.named(state.name())).contains(state);
    }
    assertThat(ArcState.named("None")).isEmpty();
    assertThat(ArcState.named("running")).isEmpty();
    assertThat(ArcState.named("")).isEmpty();
  }

  @Test
  void sharesAreFoundByTheirQueue() {
    byte[] glue = recorded("glue2");
    assertThat(Answers.share(glue, "fork"))
        .contains(new Share(OptionalInt.of(0), OptionalInt.of(0), OptionalInt.of(2)));
    assertThat(Answers.share(glue, "")).isPresent();
    assertThat(Answers.share(glue, "elsewhere")).isEmpty();
    assertThat(
            Answers.share(
                bytes(
                    "<Domains><ComputingShare><MappingQueue>q</MappingQueue><WaitingJobs>999999999</WaitingJobs><RunningJobs>-1</RunningJobs><FreeSlots>many</FreeSlots></ComputingShare></Domains>"),
                "q"))
        .contains(new Share(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()));
  }

  @Test
  void delegationsHaveATypeFromVersionOneOneOn() {
    assertThat(Answers.delegations(bytes("<delegations/>"))).isEmpty();
    assertThat(
            Answers.delegations(
                bytes(
                    "<delegations><delegation><id>a1</id></delegation><delegation><id>b2</id><type>jwt</type></delegation></delegations>")))
        .containsEntry("a1", "")
        .containsEntry("b2", "jwt");
  }

  @Test
  void answerThatWasCutOffAnywhereIsNoAnswer() {
    cutOff(recorded("status"), Answers::items);
    cutOff(recorded("states"), Answers::list);
    cutOff(recorded("versions"), Answers::versions);
    cutOff(Arrays.copyOf(recorded("glue2"), 3000), glue -> Answers.share(glue, "fork"));
  }

  private static void cutOff(byte[] whole, Function<byte[], Object> reader) {
    int end = new String(whole, StandardCharsets.UTF_8).stripTrailing().length();
    for (int length = 0; length < end; length += Math.max(1, end / 500)) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> reader.apply(part))
          .as("%d bytes", length)
          .isInstanceOf(TemporaryException.class);
    }
  }

  @Test
  void strangersAnswersAreRefused() {
    for (String hostile :
        List.of(
            "",
            "{\"job\":[]}",
            "<html><body>502 Bad Gateway</body></html>",
            "<!DOCTYPE jobs [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><jobs><job><id>&a;</id></job></jobs>",
            "<!DOCTYPE jobs [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><jobs>&b;</jobs>",
            "<jobs><job></jobs>",
            "<jobs/><jobs/>",
            "\0\1\2")) {
      assertThatThrownBy(() -> Answers.items(bytes(hostile)))
          .as(hostile)
          .isInstanceOf(TemporaryException.class);
    }
    assertThat(
            Answers.items(
                bytes(
                    "<jobs><job/><job><status-code>x</status-code><state>ODD</state></job></jobs>")))
        .allMatch(item -> item.code() == 0 && item.state().isEmpty() && !item.isGood());
    assertThat(Answers.list(bytes("<jobs><job/><job><id> </id></job></jobs>"))).isEmpty();
  }

  @Test
  void fragmentsOfOperatorsAreChecked() {
    assertThat(Fragments.problem("")).isEmpty();
    assertThat(Fragments.problem("<A>1</A>\n<nordugrid-adl:B/>")).isEmpty();
    assertThat(
            List.of("<A>", "</fragment><fragment>", "<a:B/>", "&x;").stream()
                .map(Fragments::problem)
                .collect(Collectors.toList()))
        .allMatch(Optional::isPresent);
  }
}
