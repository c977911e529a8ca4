/**
 * The REST interface of ARC's A-REX service: what is asked, and what the answers say. Knows nothing
 * of pilots.
 */
@NullMarked
package org.spinor.plugins.computing.arc.rest;

import org.jspecify.annotations.NullMarked;
