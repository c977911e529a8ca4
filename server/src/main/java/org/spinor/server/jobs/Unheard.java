package org.spinor.server.jobs;

import java.util.Collection;
import java.util.Set;

/** Implemented by the room of pilots: whose silence says nothing, because nobody could hear it. */
public interface Unheard {
  /** What is so at this moment; for one judgement, however many it judges. */
  Moment look();

  /** Who could be heard at one moment. */
  @FunctionalInterface
  interface Moment {
    /** Those of these pilots that could not call, whatever they did, now or until a moment ago. */
    Set<String> among(Collection<String> pilotStamps);
  }
}
