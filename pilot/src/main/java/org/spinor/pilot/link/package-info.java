/**
 * The server as the pilot and its wrappers see it: calls, token, clock, and what a failed call
 * means.
 */
@NullMarked
package org.spinor.pilot.link;

import org.jspecify.annotations.NullMarked;
