/**
 * Pilots as people and other systems see and change them: registered, described, found, drained,
 * killed.
 */
@NullMarked
package org.spinor.server.pilots.administration;

import org.jspecify.annotations.NullMarked;
