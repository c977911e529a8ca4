package org.spinor.pilot.wrapper;

import org.spinor.api.JobCommand;

/** Carries out what a user wants of a running job. */
record CommandTaker(StopSwitch stop, PayloadStage payload) {

  void take(JobCommand command) {
    switch (command.command()) {
      case JobCommand.KILL -> stop.stop(new StopReason.Killed());
      case JobCommand.PEEK -> payload.peek();
      default -> {
        // a newer server knows more commands than this pilot
      }
    }
  }
}
