/**
 * Computing elements through their plug-ins: which are installed, the parameters and credentials
 * that they get, calls that end in time, what is sent for a pilot, and what is left of it.
 */
@NullMarked
package org.spinor.server.provisioning.elements;

import org.jspecify.annotations.NullMarked;
