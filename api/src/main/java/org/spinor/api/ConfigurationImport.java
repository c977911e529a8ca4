package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A DIRAC configuration that is to be converted: {@code POST /api/config/import}. Nothing is
 * changed by it.
 *
 * @param cfg text in the CFG format of DIRAC
 * @param conversion YAML as DIRAC has it below {@code /DiracX/CsSync}: {@code VOs.<vo>} with {@code
 *     DefaultGroup}, {@code IdP}, {@code Support} and {@code UserSubjects}; null: that section of
 *     the cfg, if any
 * @param subjects YAML: user names of DIRAC, or DNs, with the users' {@code sub}
 * @param leaveOut what happens to users without a {@code sub}: false: their user name is taken for
 *     it; true: they are left out
 */
public record ConfigurationImport(
    String cfg,
    @Nullable String conversion,
    @Nullable String subjects,
    @JsonProperty("leave_out") boolean leaveOut) {

  /**
   * What came out.
   *
   * @param yaml the configuration
   * @param taken how many options of the cfg are in it
   * @param leftOut every option and section that is not, with the reason
   * @param notes what was understood in a way that somebody should look at
   * @param problems why the configuration as it is would not be taken; empty: it is valid
   */
  public record Imported(
      String yaml,
      int taken,
      @JsonProperty("left_out") List<LeftOut> leftOut,
      List<String> notes,
      List<String> problems) {
    public Imported {
      leftOut = List.copyOf(leftOut);
      notes = List.copyOf(notes);
      problems = List.copyOf(problems);
    }
  }

  /**
   * A part of the cfg that was not taken.
   *
   * @param path as DIRAC writes it, {@code /Registry/Hosts/server.example.org}
   * @param options how many options it stands for
   */
  public record LeftOut(String path, int options, String reason) {}
}
