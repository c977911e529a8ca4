@NullMarked
package org.spinor.plugins.computing.arc;

import org.jspecify.annotations.NullMarked;
