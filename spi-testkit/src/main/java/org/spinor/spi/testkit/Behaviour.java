package org.spinor.spi.testkit;

import java.util.Locale;

/** What a pilot of the contract suite does. */
public enum Behaviour {
  /** Writes {@code out <stamp>} and {@code err <stamp>} to its two outputs, ends with 0. */
  ENDS_WELL("echo \"out $SPINOR_TEST_STAMP\"; echo \"err $SPINOR_TEST_STAMP\" >&2; exit 0"),
  /** Ends with 3. */
  ENDS_BADLY("exit 3"),
  /** Writes {@code out <stamp>} and runs until it is ended. */
  RUNS_LONG("echo \"out $SPINOR_TEST_STAMP\"; while :; do sleep 1; done"),
  /** Ends with 0 if variable, file and secret file are as promised, else with 1 to 4. */
  LOOKS_AROUND(
      """
      [ "$SPINOR_TEST_VARIABLE" = "a b  'c'" ] || exit 1
      [ "$(cat plain.txt)" = "plain \u00e4" ] || exit 2
      [ "$(cat secret.txt)" = "secret" ] || exit 3
      case $(ls -l secret.txt) in -rw-------*) ;; *) exit 4 ;; esac
      exit 0""");

  /** The variable that tells it to elements without a shell. */
  static final String VARIABLE = "SPINOR_TEST_BEHAVIOUR";

  private final String commands;

  Behaviour(String commands) {
    this.commands = commands;
  }

  /** The pilot script that behaves so. */
  String script() {
    return "#!/bin/sh\n# " + name().toLowerCase(Locale.ROOT) + "\n" + commands + "\n";
  }
}
