/**
 * All waiting classes in memory, by columns of bits: which of them fit an offer, and whose turn it
 * is.
 */
@NullMarked
package org.spinor.server.matching.index;

import org.jspecify.annotations.NullMarked;
