/**
 * What runs now and what was used before: counters of limits, the past use of owners and groups.
 */
@NullMarked
package org.spinor.server.matching.usage;

import org.jspecify.annotations.NullMarked;
