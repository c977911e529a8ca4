/**
 * The job description language of DIRAC, a dialect of ClassAds. {@link org.spinor.jdl.Jdl} reads a
 * text into an {@link org.spinor.jdl.Ad}, {@link org.spinor.jdl.Printer} writes it, {@link
 * org.spinor.jdl.Expr#evaluate} evaluates its expressions, {@link org.spinor.jdl.Parametric} makes
 * the jobs of a template. All of it works on texts of strangers: time, memory and stack are
 * bounded.
 *
 * <p>Inside: {@code Lexer} cuts the text into {@code Token}s, {@code Cursor} steers through them
 * and reports, {@code Parser} builds the expressions; {@code Evaluator} follows references, {@code
 * Operators} and {@code Functions} work on values.
 */
@NullMarked
package org.spinor.jdl;

import org.jspecify.annotations.NullMarked;
