/**
 * The work on each queue, one server at a time: pilots are cancelled, sent, asked about and purged
 * there; what is remembered of a queue, and when it is left alone.
 */
@NullMarked
package org.spinor.server.provisioning.queues;

import org.jspecify.annotations.NullMarked;
