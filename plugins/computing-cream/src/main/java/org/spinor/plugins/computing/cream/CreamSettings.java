package org.spinor.plugins.computing.cream;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.plugins.grid.X509;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;

/**
 * What operators can set for CREAM.
 *
 * @param batchSystem in CREAM's word, as {@code pbs}
 * @param queue of the batch system
 * @param vo for CREAM; empty: the pilot's
 * @param extraJdl attributes of the job's description, with variables
 * @param wallTime of pilots; zero: the queue's default
 * @param preamble lines of shell before the pilot
 * @param renewal delegations are renewed when they have less left
 */
record CreamSettings(
    Service service,
    String batchSystem,
    String queue,
    String vo,
    String extraJdl,
    Duration wallTime,
    List<String> preamble,
    Duration renewal) {

  /**
   * A service, the web folder for files, and who the server is at both.
   *
   * @param endpoint as {@code https://ce.example.org:8443}
   * @param folder as {@code https://se.example.org:8443/vo/pilots}
   */
  record Service(URI endpoint, URI folder, X509 x509, Optional<Path> authorities) {}

  /** As CREAM publishes its queues. */
  private static final Pattern QUEUE = Pattern.compile("cream-([A-Za-z]+)-(.+)");

  /** What is a command line and a JDL later must not end there. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~:/@%+=,-]*");

  static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.text(
              "Endpoint",
              "",
              "Address of the services, as https://ce.example.org:8443; default: the host that the element is named after, at Port."),
          Parameter.number("Port", 8443, "", "Port of the services."),
          Parameter.text(
              "BatchSystem",
              "",
              "CREAM's name of its batch system, as pbs, lsf, sge, slurm, condor; default: from a queue called cream-SYSTEM-QUEUE."),
          Parameter.text(
              "CEQueueName",
              "",
              "Queue of the batch system, where the queue's section has another name."),
          Parameter.text(
              "VirtualOrganisation", "", "The VO for CREAM, where the pilot's has another name."),
          Parameter.text(
                  "SandboxURL",
                  "",
                  "A folder of a web server (HTTPS; PUT, GET, DELETE by certificate) that this server and the worker nodes reach: files and output of pilots pass through it.")
              .asRequired(),
          X509.CREDENTIAL_FILE,
          X509.KEY_FILE,
          X509.CREDENTIAL_SECRET,
          X509.CA_PATH,
          Parameter.number(
              "DelegationRenewalHours",
              3,
              "h",
              "Delegated proxies with less time left are renewed."),
          Parameter.number(
              "WallTimeMinutes", 0, "min", "Wall time to ask for; 0: the queue's default."),
          Parameter.text(
              "ExtraJDLParameters",
              "",
              "Further attributes of the job's description, each ended by ';', with variables as {cores}, {gpus}."),
          Parameter.text("Preamble", "", "Lines of shell that run on the node before the pilot."));

  static CreamSettings of(ComputingElementContext context) {
    Parameters parameters = Parameters.of(PARAMETERS, context.parameters());
    List<String> problems = new ArrayList<>();
    Matcher published = QUEUE.matcher(context.queue());
    boolean named = published.matches();
    String system = text(parameters, "BatchSystem");
    String queue = text(parameters, "CEQueueName");
    CreamSettings settings =
        new CreamSettings(
            service(parameters, context.name(), problems),
            system.isEmpty() && named ? published.group(1) : system,
            queue.isEmpty() ? (named ? published.group(2) : context.queue()) : queue,
            text(parameters, "VirtualOrganisation"),
            text(parameters, "ExtraJDLParameters"),
            Duration.ofMinutes(parameters.number("WallTimeMinutes")),
            parameters.text("Preamble").orElse("").lines().filter(l -> !l.isBlank()).toList(),
            Duration.ofHours(parameters.number("DelegationRenewalHours")));
    if (settings.batchSystem().isEmpty()) {
      problems.add(
          "BatchSystem: is missing, and the queue is not called cream-SYSTEM-QUEUE, as cream-pbs-long");
    }
    Map.of(
            "BatchSystem", settings.batchSystem(),
            "CEQueueName", settings.queue(),
            "VirtualOrganisation", settings.vo())
        .forEach(
            (name, value) -> {
              if (!PLAIN.matcher(value).matches()) {
                problems.add(name + ": '" + value + "' has letters that a JDL cannot take");
              }
            });
    if (!problems.isEmpty()) {
      throw new MisconfiguredException(String.join("; ", problems));
    }
    // A variable that there is not shows now.
    Jdl.of(
        new PilotSubmission("a", "vo", "", Map.of(), List.of(), PilotSubmission.Size.oneCore()),
        settings,
        Jdl.newName("a"));
    return settings;
  }

  private static Service service(Parameters parameters, String host, List<String> problems) {
    String given = text(parameters, "Endpoint");
    URI endpoint =
        address(
            "Endpoint",
            given.isEmpty() ? "https://" + host + ":" + parameters.number("Port") : given,
            problems);
    URI folder = address("SandboxURL", text(parameters, "SandboxURL"), problems);
    Optional<X509> x509 = X509.of(parameters, problems);
    if (x509.isEmpty()) {
      problems.add("CREAM wants a proxy: CredentialFile or CredentialSecret is missing");
    }
    return new Service(
        endpoint,
        folder,
        x509.orElseGet(() -> new X509(Optional.empty(), Optional.empty(), "")),
        X509.authorities(parameters));
  }

  private static URI address(String name, String given, List<String> problems) {
    try {
      URI address = new URI(given.replaceAll("/+$", ""));
      if ("https".equals(address.getScheme())
          && address.getHost() != null
          && address.getQuery() == null
          && address.getFragment() == null
          && PLAIN.matcher(given).matches()) {
        return address;
      }
    } catch (URISyntaxException e) {
      // told below
    }
    problems.add(name + ": '" + given + "' is no address as https://host.example.org:8443");
    return URI.create("https://invalid/");
  }

  private static String text(Parameters parameters, String name) {
    return parameters.text(name).orElse("").strip();
  }
}
