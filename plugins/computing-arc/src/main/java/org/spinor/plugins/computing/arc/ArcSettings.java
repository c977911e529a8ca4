package org.spinor.plugins.computing.arc;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.plugins.computing.arc.rest.Fragments;
import org.spinor.plugins.grid.X509;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;

/**
 * What operators can set for ARC.
 *
 * @param queue ARC's name of the queue; empty: the service's choice
 * @param wallTime of pilots; zero: the queue's default
 * @param preamble lines of shell before the pilot
 * @param restarts how often ARC starts a job again that never came to run
 * @param keep how long ARC keeps the files of a pilot that has ended
 * @param renewal delegations are renewed when they have less left
 */
record ArcSettings(
    Service service,
    String queue,
    Templates templates,
    Duration wallTime,
    List<String> preamble,
    int restarts,
    Duration keep,
    boolean sharedSession,
    Duration information,
    Duration renewal) {

  /** Kinds of delegations. */
  enum Delegation {
    NONE,
    X509,
    TOKEN
  }

  /**
   * A service and who the server is there: elements with equal ones share connections.
   *
   * @param endpoint as {@code https://ce.example.org:443/arex}
   * @param version of REST; empty: negotiated
   * @param token whether to show a token
   * @param certificate whether to show the certificate or proxy
   * @param x509 where that comes from, to be shown or delegated; empty: neither
   */
  record Service(
      URI endpoint,
      String version,
      boolean token,
      String scope,
      String audience,
      boolean certificate,
      Optional<X509> x509,
      Optional<Path> authorities,
      Delegation delegation) {}

  /**
   * What operators add, with variables.
   *
   * @param environments runtime environments with their options, one a line
   * @param resources ADL elements of {@code Resources}
   * @param application ADL elements of {@code Application}
   */
  record Templates(List<String> environments, String resources, String application) {
    boolean mention(String variable) {
      return resources.contains(variable)
          || application.contains(variable)
          || environments.stream().anyMatch(line -> line.contains(variable));
    }
  }

  static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.text(
              "Endpoint",
              "",
              "Address of the service, as https://ce.example.org:443/arex; default: /arex on the host that the element is named after, at Port."),
          Parameter.number("Port", 443, "", "Port of the service."),
          Parameter.choice(
              "RESTVersion",
              "auto",
              List.of("auto", "1.0", "1.1"),
              "Version of the REST interface; auto: the newest that both sides know."),
          Parameter.text(
              "CEQueueName",
              "",
              "ARC's name of the queue, where it is not that of the queue's section; '-': the service chooses."),
          Parameter.choice(
              "Authentication",
              "Token",
              List.of("Token", "X509", "TokenAndX509"),
              "What the server shows to the service."),
          Parameter.text(
              "TokenScope",
              "compute.read compute.create compute.modify compute.cancel",
              "Scopes of the token, separated by blanks."),
          Parameter.text(
              "TokenAudience",
              "",
              "Audience of the token; default: https://HOST:PORT of Endpoint."),
          X509.CREDENTIAL_FILE,
          X509.KEY_FILE,
          X509.CREDENTIAL_SECRET,
          X509.CA_PATH,
          Parameter.choice(
              "Delegation",
              "None",
              List.of("None", "X509", "Token"),
              "The credential that the job finds on its node; pilots need none."),
          Parameter.number(
              "DelegationRenewalHours",
              3,
              "h",
              "Delegated proxies with less time left are renewed."),
          Parameter.text(
              "RunTimeEnvironments",
              "",
              "Runtime environments of the job, one a line, options behind the name: ENV/PROXY. Variables as {cores}."),
          Parameter.text(
              "ADLResources",
              "",
              "Further elements of the job description's <Resources>, with variables as {cores}, {memory_mb}, {gpus}."),
          Parameter.text(
              "ADLApplication",
              "",
              "Further elements of the job description's <Application>, with variables."),
          Parameter.text("Preamble", "", "Lines of shell that run on the node before the pilot."),
          Parameter.number(
              "WallTimeMinutes", 0, "min", "Wall time to ask for; 0: the queue's default."),
          Parameter.number(
              "Restarts",
              0,
              "",
              "How often ARC may start a job again that failed before it came to run; 0 to 10."),
          Parameter.number(
              "KeepHours",
              168,
              "h",
              "How long ARC is asked to keep the files of a pilot that has ended, where nobody purges it."),
          Parameter.flag(
              "SharedSession",
              false,
              "Whether jobs run in a folder that ARC sees (no scratchdir): then the output of running pilots can be read."),
          Parameter.number(
              "InfoTimeoutSeconds",
              10,
              "s",
              "How long to wait for the service's word on how full the queue is."));

  static ArcSettings of(ComputingElementContext context) {
    Parameters parameters = Parameters.of(PARAMETERS, context.parameters());
    List<String> problems = new ArrayList<>();
    String named = text(parameters, "CEQueueName");
    String queue = named.equals("-") ? "" : named.isEmpty() ? context.queue() : named;
    Templates templates =
        new Templates(
            lines(parameters, "RunTimeEnvironments"),
            text(parameters, "ADLResources"),
            text(parameters, "ADLApplication"));
    Fragments.problem(templates.resources())
        .ifPresent(problem -> problems.add("ADLResources: " + problem));
    Fragments.problem(templates.application())
        .ifPresent(problem -> problems.add("ADLApplication: " + problem));
    long restarts = parameters.number("Restarts");
    if (restarts > 10) {
      problems.add("Restarts: 10 at most");
    }
    Service service = service(parameters, context.name(), problems);
    if (!problems.isEmpty()) {
      throw new MisconfiguredException(String.join("; ", problems));
    }
    ArcSettings settings =
        new ArcSettings(
            service,
            queue,
            templates,
            Duration.ofMinutes(parameters.number("WallTimeMinutes")),
            lines(parameters, "Preamble"),
            Math.toIntExact(restarts),
            Duration.ofHours(parameters.number("KeepHours")),
            parameters.flag("SharedSession"),
            parameters.seconds("InfoTimeoutSeconds"),
            Duration.ofHours(parameters.number("DelegationRenewalHours")));
    // A variable that there is not shows now.
    Adl.of(
        new PilotSubmission("a", "vo", "", Map.of(), List.of(), PilotSubmission.Size.oneCore()),
        settings,
        Optional.empty());
    return settings;
  }

  private static Service service(Parameters parameters, String host, List<String> problems) {
    URI endpoint = endpoint(parameters, host, problems);
    String authentication = text(parameters, "Authentication");
    Optional<X509> x509 = X509.of(parameters, problems);
    Delegation delegation =
        Delegation.valueOf(text(parameters, "Delegation").toUpperCase(java.util.Locale.ROOT));
    boolean shown = authentication.contains("X509");
    if ((shown || delegation == Delegation.X509) && x509.isEmpty()) {
      problems.add(
          "Authentication and Delegation with X509 need CredentialFile or CredentialSecret");
    }
    if (!shown && delegation != Delegation.X509 && x509.isPresent()) {
      problems.add(
          "CredentialFile or CredentialSecret is given, and nothing shows or delegates it");
    }
    String version = text(parameters, "RESTVersion");
    String audience = text(parameters, "TokenAudience");
    return new Service(
        endpoint,
        version.equals("auto") ? "" : version,
        authentication.contains("Token"),
        text(parameters, "TokenScope"),
        audience.isEmpty() ? "https://" + endpoint.getHost() + ":" + port(endpoint) : audience,
        shown,
        x509,
        X509.authorities(parameters),
        delegation);
  }

  private static URI endpoint(Parameters parameters, String host, List<String> problems) {
    String given = text(parameters, "Endpoint");
    String address =
        given.isEmpty() ? "https://" + host + ":" + parameters.number("Port") + "/arex" : given;
    try {
      URI endpoint = new URI(address.replaceAll("/+$", ""));
      if ("https".equals(endpoint.getScheme())
          && endpoint.getHost() != null
          && endpoint.getQuery() == null
          && endpoint.getFragment() == null) {
        return endpoint;
      }
    } catch (URISyntaxException e) {
      // told below
    }
    problems.add("Endpoint: '" + address + "' is no address as https://ce.example.org:443/arex");
    return URI.create("https://invalid/");
  }

  private static int port(URI endpoint) {
    return endpoint.getPort() < 0 ? 443 : endpoint.getPort();
  }

  private static String text(Parameters parameters, String name) {
    return parameters.text(name).orElse("").strip();
  }

  private static List<String> lines(Parameters parameters, String name) {
    return parameters.text(name).orElse("").lines().filter(line -> !line.isBlank()).toList();
  }
}
