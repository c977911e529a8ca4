/**
 * The job description language of DIRAC: parser, canonical printer and evaluator of ClassAd
 * expressions.
 */
@NullMarked
package org.spinor.jdl;

import org.jspecify.annotations.NullMarked;
