package org.spinor.plugins.grid;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/** What opens the door of a service, asked for at each request. */
public interface Access {
  /** The same object as before as long as credential and authorities are the same. */
  SSLContext tls();

  /** For {@code Authorization: Bearer}. */
  Optional<String> token();
}
