/** Why a job waits: every condition against every known place, and the verdict in words. */
@NullMarked
package org.spinor.server.matching.explanation;

import org.jspecify.annotations.NullMarked;
