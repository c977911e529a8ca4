/**
 * The pilots that this installation sends, those that only test a queue among them, and what batch
 * systems have of their outputs.
 */
@NullMarked
package org.spinor.server.pilots.fleet;

import org.jspecify.annotations.NullMarked;
