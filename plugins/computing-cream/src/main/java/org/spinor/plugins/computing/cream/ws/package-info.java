/**
 * The web services of a CREAM computing element, version 2: what is asked, and what the answers
 * say. Knows nothing of pilots.
 */
@NullMarked
package org.spinor.plugins.computing.cream.ws;

import org.jspecify.annotations.NullMarked;
