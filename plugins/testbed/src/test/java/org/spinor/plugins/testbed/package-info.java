@NullMarked
package org.spinor.plugins.testbed;

import org.jspecify.annotations.NullMarked;
