/**
 * Benchmarks of a whole server over HTTP: client, server and database on one machine, everything
 * committed.
 */
@NullMarked
package org.spinor.bench;

import org.jspecify.annotations.NullMarked;
