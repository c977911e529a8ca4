package org.spinor.server.identity.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** Everything that the server answers: what its controllers and folders of files are mapped to. */
final class ServerRoutes {
  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

  /**
   * @param pattern as Spring names it while it handles a request
   */
  record Mapped(String method, String pattern) {
    Route route() {
      return Route.of(method, pattern);
    }
  }

  private ServerRoutes() {}

  static Set<Mapped> of(Collection<HandlerMapping> mappings) {
    Set<Mapped> routes = new HashSet<>();
    for (HandlerMapping mapping : mappings) {
      switch (mapping) {
        case RequestMappingInfoHandlerMapping controllers ->
            controllers.getHandlerMethods().keySet().forEach(info -> routes.addAll(of(info)));
        case AbstractUrlHandlerMapping folders -> {
          folders
              .getPathPatternHandlerMap()
              .keySet()
              .forEach(pattern -> routes.add(new Mapped("GET", pattern.getPatternString())));
          folders.getHandlerMap().keySet().forEach(path -> routes.add(new Mapped("GET", path)));
          if (folders.getRootHandler() != null) {
            routes.add(new Mapped("GET", "/"));
          }
        }
        default -> {}
      }
    }
    return routes;
  }

  static List<Mapped> of(RequestMappingInfo info) {
    List<String> methods =
        info.getMethodsCondition().getMethods().stream().map(Enum::name).toList();
    List<Mapped> routes = new ArrayList<>();
    for (String path : info.getPatternValues()) {
      for (String method : methods.isEmpty() ? METHODS : methods) {
        routes.add(new Mapped(method, path));
      }
    }
    return routes;
  }
}
