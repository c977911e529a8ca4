package org.spinor.api;

import org.jspecify.annotations.Nullable;

/**
 * An operator lets a machine in: {@code POST /api/machines/approve}.
 *
 * @param code that the machine shows; letter case, blanks and dashes do not count
 * @param site with a queue of {@code CEType: Vacuum}
 * @param queue {@code QUEUE} or {@code CE/QUEUE}; null: the only one there
 * @param vo whose pilots it runs; null: the only one that may use the queue
 */
public record MachineApproval(
    String code, String site, @Nullable String queue, @Nullable String vo) {}
