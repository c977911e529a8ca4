/**
 * What all routes share: problem answers, the JSON mapping, the OpenAPI document, health, security
 * headers, limits. Owns no table.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package org.spinor.server.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
