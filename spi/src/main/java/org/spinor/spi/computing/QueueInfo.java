package org.spinor.spi.computing;

import java.util.OptionalInt;

/**
 * How full a queue is, for everybody who uses it. Each number is empty where the back-end does not
 * tell.
 *
 * @param freeSlots pilots of the queue's usual size that would start at once
 */
public record QueueInfo(OptionalInt waiting, OptionalInt running, OptionalInt freeSlots) {}
