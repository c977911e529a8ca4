package org.spinor.server.sandboxes;

import java.io.IOException;
import java.nio.file.Path;

/** What jobs have brought back, as files. */
public interface OutputFiles {
  /** The archive is not one, is too large, or wants to write where it must not. */
  final class BadArchiveException extends Exception {
    private static final long serialVersionUID = 1;

    BadArchiveException(String message) {
      super(message);
    }

    BadArchiveException(String message, Exception cause) {
      super(message, cause);
    }
  }

  /**
   * Unpacks all output sandboxes of a job: regular files and folders, no links, no devices.
   *
   * @param mostBytes of all files together, unpacked
   * @throws BadArchiveException the fault of whoever packed it; what was unpacked before stays
   * @throws IOException the server's own fault
   * @throws org.spinor.api.SpinorException UNAVAILABLE: the store does not answer
   */
  void unpack(long jobId, Path folder, long mostBytes) throws IOException, BadArchiveException;
}
