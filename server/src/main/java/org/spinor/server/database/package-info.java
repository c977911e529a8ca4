/**
 * PostgreSQL as all rooms use it: the embedded server and its keeper, the connection pool, one
 * migration history per room, transactions that retry what may be retried, batches of concurrent
 * small writes, COPY, notifications between servers, time partitions. Owns no table.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package org.spinor.server.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
