/**
 * Computing elements behind the REST interface of ARC's A-REX service, 1.0 and 1.1: {@code CEType:
 * ARC}.
 */
@NullMarked
package org.spinor.plugins.computing.arc;

import org.jspecify.annotations.NullMarked;
