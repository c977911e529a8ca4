@NullMarked
package org.spinor.plugins.computing.cream;

import org.jspecify.annotations.NullMarked;
