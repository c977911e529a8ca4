package org.spinor.cli;

import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it into the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "Spinor " + (version == null ? "development" : version) + " (Java " + Runtime.version() + ")"
    };
  }
}
