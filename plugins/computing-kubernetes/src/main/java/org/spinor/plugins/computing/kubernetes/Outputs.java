package org.spinor.plugins.computing.kubernetes;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Takes a pod's log apart: lines that begin with the mark are standard error. */
record Outputs(Tail out, Tail err) {
  /** Reads to the end, and keeps the last so many bytes of each. */
  static Outputs read(InputStream log, int maxBytes) throws IOException {
    Outputs outputs = new Outputs(new Tail(maxBytes), new Tail(maxBytes));
    try (InputStream stream = new BufferedInputStream(log)) {
      Tail current = outputs.out;
      boolean begins = true;
      for (int b = stream.read(); b >= 0; b = stream.read()) {
        if (begins) {
          current = b == Scripts.MARK ? outputs.err : outputs.out;
        }
        if (!begins || b != Scripts.MARK) {
          current.write(b);
        }
        begins = b == '\n';
      }
    }
    return outputs;
  }
}
