package org.spinor.pilot;

/**
 * Why a pilot ends.
 *
 * @param fit false where the node or the pilot is to blame
 */
record Ending(boolean fit, String reason) {}
