package org.spinor.server.tasks;

/**
 * Work that this server has claimed.
 *
 * @param claim the number under which it is held; a later claim makes this one worthless
 * @param tries this one included
 */
record Task(long id, long claim, String type, String payload, boolean recurrent, int tries) {}
