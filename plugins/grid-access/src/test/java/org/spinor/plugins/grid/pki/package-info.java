@NullMarked
package org.spinor.plugins.grid.pki;

import org.jspecify.annotations.NullMarked;
