package org.spinor.cli;

import picocli.CommandLine.Command;

/** The root of the commands. */
@Command(
    name = "spinor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Jobs, pilots and sites of a Spinor server.")
final class SpinorCommand {}
