package org.spinor.server.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameters;
import org.spinor.spi.validation.Earlier;
import org.spinor.spi.validation.JobFacts;
import org.spinor.spi.validation.Result;
import org.spinor.spi.validation.ResultValidator;
import org.spinor.spi.validation.ResultValidatorPlugin;
import org.spinor.spi.validation.Verdict;

class BuiltInValidatorsTest {
  @TempDir Path folder;
  private int results;

  private static ResultValidator validator(
      ResultValidatorPlugin plugin, Map<String, String> parameters) {
    return plugin.create(Parameters.of(plugin.parameters(), parameters));
  }

  private Result result(String host, Map<String, String> files, List<Earlier> earlier)
      throws IOException {
    Path place = Files.createDirectories(folder.resolve("r" + ++results));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = place.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    return new Result(
        new JobFacts(1, "vo", "alice", "User", "/bin/sh", List.of(), List.of("*.dat")),
        results,
        host,
        place,
        earlier);
  }

  private static String fingerprint(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Undecided.class);
    return ((Verdict.Undecided) verdict).fingerprint();
  }

  @Test
  void checksLookForFilesAndSizes() throws Exception {
    ResultValidator checks = validator(new ChecksPlugin(), Map.of("MaxBytes", "4"));
    assertThat(checks.judge(result("h", Map.of("a.dat", "four"), List.of())))
        .isInstanceOf(Verdict.Accepted.class);
    assertThat(checks.judge(result("h", Map.of("a.txt", "four"), List.of())))
        .isEqualTo(new Verdict.Rejected("missing: *.dat"));
    assertThat(checks.judge(result("h", Map.of("a.dat", ""), List.of())))
        .isEqualTo(new Verdict.Rejected("a.dat has 0 bytes; allowed: 1 to 4"));
    assertThat(checks.judge(result("h", Map.of("a.dat", "fiver"), List.of())))
        .isInstanceOf(Verdict.Rejected.class);
  }

  @Test
  void linksAreNoResults() throws Exception {
    Result result = result("h", Map.of("other.txt", "x"), List.of());
    Files.createSymbolicLink(result.folder().resolve("a.dat"), Path.of("/etc/passwd"));
    assertThat(validator(new ChecksPlugin(), Map.of()).judge(result))
        .isEqualTo(new Verdict.Rejected("missing: *.dat"));
  }

  @Test
  void agreementNeedsSoManyHosts() throws Exception {
    ResultValidator agreement = validator(new AgreementPlugin(), Map.of("Runs", "3"));
    Map<String, String> good = Map.of("a.dat", "42", "log.txt", "of this host");
    String same = fingerprint(agreement.judge(result("h1", good, List.of())));
    String other = fingerprint(agreement.judge(result("liar", Map.of("a.dat", "41"), List.of())));
    assertThat(other).isNotEqualTo(same);
    Map<String, String> alike = Map.of("a.dat", "42", "log.txt", "of another host");
    List<Earlier> two = List.of(new Earlier(1, "h1", same), new Earlier(2, "liar", other));
    assertThat(fingerprint(agreement.judge(result("h2", alike, two)))).isEqualTo(same);
    List<Earlier> three = List.of(two.getFirst(), two.getLast(), new Earlier(3, "h2", same));
    assertThat(agreement.judge(result("h3", alike, three)))
        .isEqualTo(new Verdict.Accepted("3 hosts brought the same result", same));
    assertThat(fingerprint(agreement.judge(result("h2", alike, three))))
        .as("a host does not agree with itself")
        .isEqualTo(same);
  }

  @Test
  void namesOfFilesArePartOfTheResult() throws Exception {
    ResultValidator agreement = validator(new AgreementPlugin(), Map.of());
    String one = fingerprint(agreement.judge(result("h", Map.of("a.dat", "1"), List.of())));
    String another = fingerprint(agreement.judge(result("h", Map.of("b.dat", "1"), List.of())));
    assertThat(one).isNotEqualTo(another);
  }

  @Test
  void disagreementHasAnEnd() throws Exception {
    ResultValidator agreement = validator(new AgreementPlugin(), Map.of("MostRuns", "3"));
    List<Earlier> two = List.of(new Earlier(1, "h1", "x"), new Earlier(2, "h2", "y"));
    assertThat(agreement.judge(result("h3", Map.of("a.dat", "1"), two)))
        .isEqualTo(new Verdict.Rejected("of 3 results no 2 agree; this one agrees with 0"));
    assertThatThrownBy(() -> validator(new AgreementPlugin(), Map.of("Runs", "1")))
        .isInstanceOf(MisconfiguredException.class);
  }
}
