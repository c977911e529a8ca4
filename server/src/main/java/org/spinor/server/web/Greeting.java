package org.spinor.server.web;

import java.util.Optional;

/**
 * Something that a person who starts the server in a terminal should know, as how to log in for the
 * first time. A bean; asked once, when the server serves; shown on stderr.
 */
public interface Greeting {
  Optional<String> line();
}
