package org.spinor.plugins.computing.boinc;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;

/**
 * What an operator has set for a project.
 *
 * @param url of the project, with a slash at its end
 * @param app short name of the application that runs pilots
 * @param flops estimated floating point operations of a pilot, from which clients guess its
 *     duration
 * @param delaySeconds within which a host has to report
 * @param memoryMb that a host must have to spare, where a queue does not say
 * @param diskMb likewise for its disk
 */
record BoincSettings(
    URI url, String app, long flops, long delaySeconds, long memoryMb, long diskMb) {
  /** The operator's secret with the authenticator of the project's account for submission. */
  static final String SECRET = "boinc-authenticator";

  static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.text("URL", "", "The project's address, as https://boinc.example.org/project/.")
              .asRequired(),
          Parameter.text("App", "spinor", "Short name of the application that runs pilots."),
          Parameter.number(
              "FlopsEstimate",
              100_000_000_000_000L,
              "operations",
              "Floating point operations of a pilot, from which clients guess how long it takes; a host ends it after ten times as many."),
          Parameter.number(
              "DelayBound",
              604_800,
              "s",
              "A host has to report a pilot within this time, or it counts as lost."),
          Parameter.number(
              "MemoryBound", 2_000, "MB", "Memory of a pilot, where the queue has no MaxRAM."),
          Parameter.number("DiskBound", 5_000, "MB", "Disk space of a pilot."));

  static BoincSettings of(Parameters parameters) {
    return new BoincSettings(
        url(parameters.text("URL").orElse("").strip()),
        app(parameters.text("App").orElse("").strip()),
        parameters.number("FlopsEstimate"),
        parameters.number("DelayBound"),
        parameters.number("MemoryBound"),
        parameters.number("DiskBound"));
  }

  private static String app(String name) {
    if (!name.matches("[A-Za-z0-9_.-]{1,100}")) {
      throw new MisconfiguredException("App: '" + name + "' is no short name of an application");
    }
    return name;
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text.endsWith("/") ? text : text + "/");
      boolean whole = url.getHost() != null && url.getQuery() == null && url.getUserInfo() == null;
      if (whole && (url.getScheme().equals("https") || isPlainAndNear(url))) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw new MisconfiguredException("URL: '" + text + "' is no address: " + e.getReason(), e);
    }
    throw new MisconfiguredException(
        "URL: expected https://HOST/PROJECT/, not '"
            + text
            + "'; http is taken for this host only, because the authenticator would be readable on the way");
  }

  private static boolean isPlainAndNear(URI url) {
    try {
      return url.getScheme().equals("http")
          && Stream.of(InetAddress.getAllByName(url.getHost()))
              .allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
