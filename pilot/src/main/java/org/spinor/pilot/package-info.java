/**
 * The pilot: tests and describes its node, exchanges its secret for a token, asks for work, shares
 * the node out to jobs, and ends when there is nothing to do, when time is short or when told.
 */
@NullMarked
package org.spinor.pilot;

import org.jspecify.annotations.NullMarked;
