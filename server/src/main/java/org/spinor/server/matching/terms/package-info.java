/**
 * What jobs want and what pilots offer, in terms that can be compared: classes of requirements, and
 * the conditions of the match one by one.
 */
@NullMarked
package org.spinor.server.matching.terms;

import org.jspecify.annotations.NullMarked;
