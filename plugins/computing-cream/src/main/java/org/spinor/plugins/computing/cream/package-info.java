/** Computing elements of CREAM, by its web services: {@code CEType: CREAM}. */
@NullMarked
package org.spinor.plugins.computing.cream;

import org.jspecify.annotations.NullMarked;
