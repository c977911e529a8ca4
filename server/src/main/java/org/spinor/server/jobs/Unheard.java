package org.spinor.server.jobs;

import java.util.Collection;
import java.util.Set;

/** Implemented by the room of pilots: whose silence says nothing, because nobody could hear it. */
public interface Unheard {
  /** Those of these pilots that could not call, whatever they did, now or until a moment ago. */
  Set<String> among(Collection<String> pilotStamps);
}
