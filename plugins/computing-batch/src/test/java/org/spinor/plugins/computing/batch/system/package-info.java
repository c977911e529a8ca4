/** Answers of batch systems in the formats of the versions named, and what they are read as. */
@NullMarked
package org.spinor.plugins.computing.batch.system;

import org.jspecify.annotations.NullMarked;
