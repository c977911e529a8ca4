package org.spinor.cli;

import picocli.CommandLine.Command;

/** The root of the commands. */
@Command(
    name = "spinor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Jobs, pilots and sites of a Spinor server. Every command has --help.",
    footer = {
      "",
      "The server is named by SPINOR_URL or DIRACX_URL (default: http://localhost:8000); the",
      "login by SPINOR_TOKEN, else by the file DIRACX_CREDENTIALS_PATH (default:",
      "~/.cache/diracx/credentials.json). NO_COLOR turns colours off.",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong use, 3 not logged in, 4 no server, 5 not found,",
      "6 forbidden, 7 time is over.",
      "",
      "Try:",
      "  spinor demo                              a server, a site and 1,000 jobs in a minute",
      "  spinor jobs submit --command 'echo hi'   a job in one line",
      "  spinor jobs list                         what became of it"
    })
final class SpinorCommand {}
