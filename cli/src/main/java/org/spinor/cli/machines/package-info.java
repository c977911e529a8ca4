/** The commands about machines that run pilots by themselves: list, drain, undrain, remove. */
@NullMarked
package org.spinor.cli.machines;

import org.jspecify.annotations.NullMarked;
