package org.spinor.plugins.computing.local;

import java.util.List;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/** Makes local computing elements: {@code CEType: Local}. */
public final class LocalPlugin implements ComputingElementPlugin {
  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.number(
              "GraceSeconds",
              30,
              "s",
              "How long a cancelled pilot may take to end before it is killed."),
          Parameter.number(
              "KeepHours",
              24,
              "h",
              "How long the folder of a pilot that has ended is kept, where nobody purges it."),
          Parameter.number(
              "Nice", 0, "", "Niceness of the pilots, 0 to 19: more leaves more to the server."),
          Parameter.flag(
              "Overcommit",
              false,
              "Pilots may give jobs more cores than this host has: for payloads that mostly wait."),
          Parameter.text(
              "PassEnvironment",
              "USER,LOGNAME,TZ,http_proxy,https_proxy,no_proxy,HTTP_PROXY,HTTPS_PROXY,NO_PROXY,SSL_CERT_FILE,SSL_CERT_DIR",
              "Variables of the server's environment that pilots get too, separated by commas."));

  @Override
  public String name() {
    return "Local";
  }

  @Override
  public String description() {
    return "Runs pilots as processes on the server's own host.";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public boolean servesAllVos() {
    return true;
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    return new LocalComputingElement(
        context, LocalSettings.of(Parameters.of(PARAMETERS, context.parameters())));
  }
}
