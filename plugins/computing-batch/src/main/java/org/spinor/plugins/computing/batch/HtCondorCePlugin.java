package org.spinor.plugins.computing.batch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.host.TokenHost;
import org.spinor.plugins.computing.batch.system.BatchSystems;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/**
 * Makes computing elements that are HTCondor-CEs of other sites: {@code CEType: HTCondorCE}. The
 * HTCondor tools of the server's own host do the talking.
 */
public final class HtCondorCePlugin implements ComputingElementPlugin {
  private static final String PORT = ":9619";

  /** Of those for all batch systems, the ones that mean nothing here. */
  private static final Set<String> HIDDEN = Set.of("BatchSystem", "Preamble");

  private static final List<Parameter> OWN =
      List.of(
          Parameter.text(
              "Scheduler", "", "The CE's name of its scheduler; default: the CE's host name."),
          Parameter.text(
              "Collector",
              "",
              "Address of the CE's collector, HOST:PORT; default: the CE's host, port 9619."),
          Parameter.choice(
              "Authentication",
              "token",
              List.of("token", "own"),
              "token: a token of the VO for each command; own: what the HTCondor configuration of the server's account has."),
          Parameter.text(
              "TokenScope",
              "compute.create compute.read compute.modify compute.cancel",
              "What the token is asked for."),
          Parameter.text(
              "TokenAudience", "", "Whom the token is for; default: the address of the collector."),
          Parameter.path(
              "CaFile",
              Optional.empty(),
              "CA certificates of the CE, PEM; default: as HTCondor is configured."),
          Parameter.path(
              "CaFolder",
              Optional.empty(),
              "Folder of CA certificates with hashed names, as /etc/grid-security/certificates."),
          BatchSettings.passedEnvironment("CONDOR_CONFIG", "HTCondor's"));
  private static final List<Parameter> ALL =
      BatchSettings.parameters(
          "Folder for pilots' files on the server's host; several servers need one in common. Default: in the server's data folder.",
          OWN);
  private static final List<Parameter> SHOWN =
      ALL.stream().filter(parameter -> !HIDDEN.contains(parameter.name())).toList();

  @Override
  public String name() {
    return "HTCondorCE";
  }

  @Override
  public String description() {
    return "Sends pilots to an HTCondor-CE of another site with the HTCondor tools of this host.";
  }

  @Override
  public List<Parameter> parameters() {
    return SHOWN;
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    Map<String, String> given = new HashMap<>(context.parameters());
    given.put("BatchSystem", "HTCondor");
    Parameters parameters = Parameters.of(ALL, given);
    String scheduler = parameters.text("Scheduler").filter(name -> !name.isBlank()).orElse("");
    String collector = parameters.text("Collector").filter(name -> !name.isBlank()).orElse("");
    if (scheduler.isEmpty()) {
      scheduler = context.name();
    }
    if (collector.isEmpty()) {
      collector = context.name() + PORT;
    }
    oneName("Scheduler", scheduler);
    oneName("Collector", collector);
    // The section's name is ours: a queue of the batch system behind is named by BatchQueue alone.
    BatchSettings settings = withCertificates(BatchSettings.of(parameters, ""), parameters);
    Host host = host(parameters, context, collector);
    return new BatchComputingElement(
        context,
        settings,
        BatchSystems.htCondorCe(scheduler, collector),
        new Area(host, () -> settings.sharedArea().orElseGet(host::home)));
  }

  private static void oneName(String parameter, String value) {
    if (!value.matches("[A-Za-z0-9._@:\\[\\]][A-Za-z0-9._@:\\[\\]-]*")) {
      throw new MisconfiguredException(parameter + ": '" + value + "' is no name of a host");
    }
  }

  /** HTCondor takes any of its settings from the environment. */
  private static BatchSettings withCertificates(BatchSettings settings, Parameters parameters) {
    List<String> environment = new ArrayList<>(settings.programs().environment());
    parameters
        .path("CaFile")
        .ifPresent(file -> environment.add("_CONDOR_AUTH_SSL_CLIENT_CAFILE=" + file));
    parameters
        .path("CaFolder")
        .ifPresent(folder -> environment.add("_CONDOR_AUTH_SSL_CLIENT_CADIR=" + folder));
    if (isToken(parameters)) {
      environment.add("_CONDOR_SEC_CLIENT_AUTHENTICATION_METHODS=SCITOKENS");
    }
    return settings.with(environment);
  }

  private static boolean isToken(Parameters parameters) {
    return parameters.text("Authentication").orElse("").equals("token");
  }

  private static Host host(
      Parameters parameters, ComputingElementContext context, String collector) {
    Host local = BatchSettings.localHost(parameters, context);
    if (!isToken(parameters)) {
      return local;
    }
    Credentials credentials = context.credentials();
    String scope = parameters.text("TokenScope").orElse("");
    String audience =
        parameters.text("TokenAudience").filter(text -> !text.isBlank()).orElse(collector);
    return new TokenHost(
        local,
        context.stateFolder().resolve(".tokens"),
        List.of("BEARER_TOKEN_FILE", "_CONDOR_SCITOKENS_FILE"),
        () -> credentials.token(scope, audience).value());
  }
}
