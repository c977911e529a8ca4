@NullMarked
package org.spinor.plugins.computing.boinc;

import org.jspecify.annotations.NullMarked;
