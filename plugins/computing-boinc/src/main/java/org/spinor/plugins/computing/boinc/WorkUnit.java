package org.spinor.plugins.computing.boinc;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.spinor.spi.computing.PilotSubmission;

/**
 * A pilot as a work unit: one script that carries everything, and the templates that say that it
 * runs once, on one host, and is not sent again by BOINC. The job is named after the stamp, and
 * names of jobs are unique in a project.
 */
record WorkUnit(PilotSubmission pilot, BoincSettings settings) {
  private static final String PREFIX = "spinor_";
  private static final int OUTPUT_BYTES = 200_000;

  /** Name of the batch and of the job in it. */
  static String name(String stamp) {
    return PREFIX + stamp;
  }

  String name() {
    return name(pilot.stamp());
  }

  /**
   * The script. What it leaves is one file: how many bytes of standard output and of standard error
   * there are, then both.
   */
  byte[] script() {
    StringBuilder script = new StringBuilder();
    script.append(
        """
        #!/bin/sh
        umask 077
        top=$(pwd)
        rm -rf pilot && mkdir pilot && cd pilot || exit 200
        put() { base64 -d >"$1" || exit 201; }
        """);
    put(script, "pilot.sh", pilot.script());
    for (PilotSubmission.InputFile file : pilot.files()) {
      put(script, file.name(), file.content());
    }
    for (Map.Entry<String, String> variable : new TreeMap<>(pilot.environment()).entrySet()) {
      script
          .append("export ")
          .append(variable.getKey())
          .append("='")
          .append(variable.getValue().replace("'", "'\\''"))
          .append("'\n");
    }
    script.append(
        """
        sh ./pilot.sh >../stdout 2>../stderr </dev/null
        code=$?
        cd "$top"
        rm -rf pilot
        for text in stdout stderr; do tail -c %d $text >$text.end; done
        { echo $(wc -c <stdout.end) $(wc -c <stderr.end); cat stdout.end stderr.end; } >out
        cat stderr.end >&2
        exit $code
        """
            .formatted(OUTPUT_BYTES));
    return script.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void put(StringBuilder script, String name, String content) {
    script
        .append("put ")
        .append(name)
        .append(" <<'end of file'\n")
        .append(
            Base64.getMimeEncoder(76, new byte[] {'\n'})
                .encodeToString(content.getBytes(StandardCharsets.UTF_8)))
        .append("\nend of file\n");
  }

  /**
   * The job in the words of {@code submit_batch}.
   *
   * @param file the script's name at the project
   */
  String job(String file) {
    return "<job>\n"
        + Xml.element("name", name())
        + Xml.element("rsc_fpops_est", settings.flops())
        + "<input_file>\n"
        + Xml.element("mode", "local_staged")
        + Xml.element("source", file)
        + "</input_file>\n"
        + inputTemplate()
        + outputTemplate()
        + "</job>\n";
  }

  private String inputTemplate() {
    long memory = pilot.size().memoryMb() > 0 ? pilot.size().memoryMb() : settings.memoryMb();
    StringBuilder text =
        new StringBuilder(
            """
            <input_template>
            <file_info>
            </file_info>
            <workunit>
            <file_ref>
            <open_name>in</open_name>
            <copy_file/>
            </file_ref>
            """);
    // A pilot that ended badly must not be sent to the next host: its secret is spent.
    for (String one :
        List.of(
            "min_quorum",
            "target_nresults",
            "max_error_results",
            "max_total_results",
            "max_success_results")) {
      text.append(Xml.element(one, 1));
    }
    text.append(Xml.element("rsc_fpops_est", settings.flops()))
        .append(Xml.element("rsc_fpops_bound", settings.flops() * 10))
        .append(Xml.element("rsc_memory_bound", memory * 1_000_000))
        .append(Xml.element("rsc_disk_bound", settings.diskMb() * 1_000_000))
        .append(Xml.element("delay_bound", settings.delaySeconds()));
    return text.append("</workunit>\n</input_template>\n").toString();
  }

  private static String outputTemplate() {
    return """
        <output_template>
        <file_info>
        <name><OUTFILE_0/></name>
        <generated_locally/>
        <upload_when_present/>
        <max_nbytes>1000000</max_nbytes>
        <url><UPLOAD_URL/></url>
        </file_info>
        <result>
        <file_ref>
        <file_name><OUTFILE_0/></file_name>
        <open_name>out</open_name>
        <copy_file/>
        </file_ref>
        </result>
        </output_template>
        """;
  }
}
