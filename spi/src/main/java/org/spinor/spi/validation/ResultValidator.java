package org.spinor.spi.validation;

import java.io.IOException;

/**
 * Decides whether results count that machines have made for which nobody vouches. May be called by
 * several threads at once, and again about the same result when a server died meanwhile: it keeps
 * nothing, and decides the same each time.
 *
 * <p>The files are a stranger's. They are data: never run them, never load classes or libraries
 * from them, and bound what is read of them.
 */
public interface ResultValidator {
  /**
   * @throws IOException the server's fault: it is tried again later, and nobody is blamed. Whatever
   *     is wrong with the files themselves is a {@link Verdict.Rejected}
   */
  Verdict judge(Result result) throws IOException;
}
