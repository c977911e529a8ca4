/**
 * What a validator of volunteers' results has to implement: {@link
 * org.spinor.spi.validation.ResultValidatorPlugin} makes them, {@link
 * org.spinor.spi.validation.ResultValidator} decides about one result after the other.
 */
@NullMarked
package org.spinor.spi.validation;

import org.jspecify.annotations.NullMarked;
