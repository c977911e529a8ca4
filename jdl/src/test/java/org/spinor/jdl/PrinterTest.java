package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrinterTest {

  @Test
  void printsAnAttributeALine() {
    Ad ad =
        Jdl.parse(
            """
            Executable="run.sh";Arguments = "\\"a\\"\\t%s"; Empty = []; None = {};
            OutputSandbox={"std.out","std.err"}; Data = {{1},[x=1;y={2}]};
            InputData={"LFN:/vo/user/u/user/long/name/1","LFN:/vo/user/u/user/long/name/2","LFN:/z"};
            JobRequirements = [ CPUTime=86400; Sites={"A"} ]; 'odd name' = (a+b)*-(3) == other.c||!d;
            """);
    assertThat(Printer.print(ad))
        .isEqualTo(
            """
            [
                Executable = "run.sh";
                Arguments = "\\"a\\"\\t%s";
                Empty = [];
                None = {};
                OutputSandbox = {"std.out", "std.err"};
                Data = {
                    {1},
                    [
                        x = 1;
                        y = {2};
                    ]
                };
                InputData = {
                    "LFN:/vo/user/u/user/long/name/1",
                    "LFN:/vo/user/u/user/long/name/2",
                    "LFN:/z"
                };
                JobRequirements = [
                    CPUTime = 86400;
                    Sites = {"A"};
                ];
                'odd name' = (a + b) * -(3) == other.c || !d;
            ]""");
    assertThat(Printer.print(Ad.empty())).isEqualTo("[]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a = 1; b = {1, 2.0, \"x\"}; c = [d = true]]",
        "[x = a || b && c == d + e * f]",
        "[x = (a || b) && (c == d) + (e ? f : g)]",
        "[x = a - (b - c) - d]",
        "[x = a ? b : c ?: d]",
        "[x = 'self'.y + self.y + self + 'true'.z]",
        "[x = {1}[0] + [a = 1].a + (-5)[0] + \"s\"[1]]",
        "[x = - -a + --b]",
        "[x = strcat(a, \"b\", f()) =?= undefined]",
      })
  void theCompactFormStaysAsItIs(String text) {
    String printed = Printer.printCompact(Jdl.parse(text));
    assertThat(printed).isEqualTo(text.replace("- -a", "--a"));
    assertThat(Jdl.parse(printed)).isEqualTo(Jdl.parse(text));
  }

  @Property(tries = 1000)
  void whatIsPrintedReadsTheSame(@ForAll("ads") Ad ad) {
    String printed = Printer.print(ad);
    Ad read = Jdl.parse(printed);
    assertThat(read).isEqualTo(ad).hasSameHashCodeAs(ad);
    assertThat(read.names()).isEqualTo(ad.names());
    assertThat(Printer.print(read)).isEqualTo(printed);
  }

  @Property(tries = 1000)
  void whatIsPrintedInOneLineReadsTheSame(@ForAll("ads") Ad ad) {
    String printed = Printer.printCompact(ad);
    assertThat(printed).doesNotContain("\n");
    assertThat(Jdl.parse(printed)).isEqualTo(ad);
    assertThat(Printer.printCompact(Jdl.parse(printed))).isEqualTo(printed);
  }

  @Provide
  Arbitrary<Ad> ads() {
    return AnyJdl.ads();
  }
}
