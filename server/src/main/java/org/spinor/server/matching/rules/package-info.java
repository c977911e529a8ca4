/**
 * What the configuration limits, and for which jobs: how many may run at a site, how soon after one
 * another.
 */
@NullMarked
package org.spinor.server.matching.rules;

import org.jspecify.annotations.NullMarked;
