/** The room's root interface for the other rooms, and the routes about single jobs. */
@NullMarked
package org.spinor.server.jobs.facade;

import org.jspecify.annotations.NullMarked;
