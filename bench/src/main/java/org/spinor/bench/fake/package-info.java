/**
 * A plug-in of sites that exist in the server's memory only and misbehave as their configuration
 * says. The benchmark drops it into the server's folder of plug-ins, as an operator would.
 */
@NullMarked
package org.spinor.bench.fake;

import org.jspecify.annotations.NullMarked;
