@NullMarked
package org.spinor.edge.spool;

import org.jspecify.annotations.NullMarked;
