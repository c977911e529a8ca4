package org.spinor.plugins.computing.arc.rest;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.spinor.plugins.grid.Xml;
import org.spinor.spi.TemporaryException;

/** Pieces of XML that operators write. */
public final class Fragments {
  private Fragments() {}

  /** Why this is no sequence of elements; empty: it is. */
  public static Optional<String> problem(String fragment) {
    String whole =
        "<fragment xmlns:nordugrid-adl=\"http://www.nordugrid.org/es/2011/12/nordugrid-adl\">"
            + fragment
            + "</fragment>";
    try {
      Xml.parse(whole.getBytes(StandardCharsets.UTF_8), "fragment");
      return Optional.empty();
    } catch (TemporaryException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Optional.of("not well-formed XML: " + cause.getMessage());
    }
  }
}
