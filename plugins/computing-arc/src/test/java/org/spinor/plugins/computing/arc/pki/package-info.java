@NullMarked
package org.spinor.plugins.computing.arc.pki;

import org.jspecify.annotations.NullMarked;
