@NullMarked
package org.spinor.plugins.computing.kubernetes;

import org.jspecify.annotations.NullMarked;
