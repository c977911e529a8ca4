@NullMarked
package org.spinor.plugins.grid;

import org.jspecify.annotations.NullMarked;
