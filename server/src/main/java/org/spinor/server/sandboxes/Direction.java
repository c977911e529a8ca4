package org.spinor.server.sandboxes;

import java.util.Locale;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/** What a sandbox is to a job. */
enum Direction {
  Input,
  Output;

  /** From a path: {@code input} or {@code output}. */
  static Direction of(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "input" -> Input;
      case "output" -> Output;
      default ->
          throw new SpinorException(
              ErrorCode.UNPROCESSABLE, "'" + text + "' is no type of sandbox: input or output");
    };
  }
}
