package org.spinor.server.identity.access;

import io.swagger.v3.oas.models.OpenAPI;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** The OpenAPI document says which routes need no token, as the access tables do. */
@Component
final class AccessInDocument implements OpenApiCustomizer {
  @Override
  public void customise(OpenAPI document) {
    AccessRules rules = AccessRules.load();
    document
        .getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .forEach(
                        (method, operation) -> {
                          if (rules
                              .row(Route.of(method.name(), path))
                              .filter(AccessRow::isOpen)
                              .isPresent()) {
                            operation.setSecurity(List.of());
                          }
                        }));
  }
}
