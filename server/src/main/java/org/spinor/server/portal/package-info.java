/** The pages people see. */
@NullMarked
@ApplicationModule(allowedDependencies = {"web"})
package org.spinor.server.portal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
