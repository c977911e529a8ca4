/** What crosses the wire between server, clients and pilots: ids, records, states, error codes. */
@NullMarked
package org.spinor.api;

import org.jspecify.annotations.NullMarked;
