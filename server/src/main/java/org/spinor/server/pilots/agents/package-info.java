/**
 * What pilots call with their own tokens: they ask for work, say that they live, send their log,
 * and name the pilots of further nodes.
 */
@NullMarked
package org.spinor.server.pilots.agents;

import org.jspecify.annotations.NullMarked;
