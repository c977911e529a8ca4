package org.spinor.pilot.wrapper;

import org.spinor.pilot.node.Node;

/**
 * Where an attempt runs, for its parameters and its payload's environment.
 *
 * @param stamp the pilot's
 * @param site DIRAC site name; {@code Unknown} where the pilot was not told
 * @param ce computing element; empty: not told
 * @param queue queue there; empty: not told
 * @param version the pilot's own version
 */
public record NodeFacts(
    Node node, String stamp, String site, String ce, String queue, String version) {}
