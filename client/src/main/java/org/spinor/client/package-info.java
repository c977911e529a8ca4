/**
 * The Java client of Spinor's REST API: JSON, transport with typed errors, and the calls
 * themselves.
 */
@NullMarked
package org.spinor.client;

import org.jspecify.annotations.NullMarked;
