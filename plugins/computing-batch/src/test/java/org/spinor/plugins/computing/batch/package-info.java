/** Elements in front of plain hosts, fake and real batch systems. */
@NullMarked
package org.spinor.plugins.computing.batch;

import org.jspecify.annotations.NullMarked;
