/** Answers pilots that ask for work, and provisioning that asks where pilots would find some. */
@NullMarked
package org.spinor.server.matching.desk;

import org.jspecify.annotations.NullMarked;
