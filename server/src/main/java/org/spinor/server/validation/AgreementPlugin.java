package org.spinor.server.validation;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.validation.Earlier;
import org.spinor.spi.validation.Result;
import org.spinor.spi.validation.ResultValidator;
import org.spinor.spi.validation.ResultValidatorPlugin;
import org.spinor.spi.validation.Verdict;

/**
 * Accepts what several hosts have computed alike: the job runs again, each time on another host,
 * until so many results have the same content. For programs that give the same bytes on every
 * machine.
 */
public final class AgreementPlugin implements ResultValidatorPlugin {
  private static final List<Parameter> PARAMETERS =
      Stream.concat(
              ChecksPlugin.SIZES.stream(),
              Stream.of(
                  Parameter.number(
                      "Runs", 2, "", "So many hosts have to bring the same result; at least 2."),
                  Parameter.number(
                      "MostRuns",
                      6,
                      "",
                      "After so many results without agreement each further one counts as wrong, until the job has spent its infrastructure failures.")))
          .toList();

  @Override
  public String name() {
    return "Agreement";
  }

  @Override
  public String description() {
    return "Accepts results that several hosts have computed alike, byte for byte.";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public ResultValidator create(Parameters parameters) {
    long runs = parameters.number("Runs");
    long mostRuns = parameters.number("MostRuns");
    if (runs < 2 || mostRuns < runs) {
      throw new MisconfiguredException(
          "Runs is %d and MostRuns is %d; expected at least 2, and MostRuns not below Runs"
              .formatted(runs, mostRuns));
    }
    Present present = new Present(parameters.number("MinBytes"), parameters.number("MaxBytes"));
    return result -> judge(result, present, runs, mostRuns);
  }

  private static Verdict judge(Result result, Present present, long runs, long mostRuns)
      throws IOException {
    Optional<String> problem = present.problem(result);
    if (problem.isPresent()) {
      return new Verdict.Rejected(problem.get());
    }
    String mine = Fingerprint.of(result.files());
    List<Earlier> alike =
        result.earlier().stream().filter(earlier -> earlier.fingerprint().equals(mine)).toList();
    long hosts = 1 + others(result, alike);
    if (hosts >= runs) {
      return new Verdict.Accepted(hosts + " hosts brought the same result", mine);
    }
    int results = result.earlier().size() + 1;
    if (results >= mostRuns) {
      return new Verdict.Rejected(
          "of %d results no %d agree; this one agrees with %d"
              .formatted(results, runs, alike.size()));
    }
    return new Verdict.Undecided(
        "%d of %d hosts that have to bring the same result; results so far: %d"
            .formatted(hosts, runs, results),
        mine);
  }

  /** Hosts other than this one; several results of one host are one opinion. */
  private static long others(Result result, List<Earlier> alike) {
    Set<String> hosts = new HashSet<>();
    for (Earlier earlier : alike) {
      if (!earlier.host().isEmpty() && !earlier.host().equals(result.host())) {
        hosts.add(earlier.host());
      }
    }
    return hosts.size();
  }
}
