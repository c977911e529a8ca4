package org.spinor.server.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Finds the route that was meant where only the slash at the end is too much or missing. Clients
 * follow the redirect with the same method and body.
 */
@Component
final class SlashRedirects {
  private final ObjectProvider<RequestMappingHandlerMapping> mappings;

  SlashRedirects(
      @Qualifier("requestMappingHandlerMapping")
          ObjectProvider<RequestMappingHandlerMapping> mappings) {
    this.mappings = mappings;
  }

  Optional<URI> registeredForm(HttpServletRequest request) {
    String path = request.getRequestURI();
    if (path.length() < 2 || path.startsWith("//")) {
      return Optional.empty();
    }
    String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
    PathContainer parsed = PathContainer.parsePath(other);
    if (patterns().stream().noneMatch(pattern -> pattern.matches(parsed))) {
      return Optional.empty();
    }
    String query = request.getQueryString();
    return Optional.of(URI.create(query == null ? other : other + "?" + query));
  }

  private List<PathPattern> patterns() {
    return mappings.getObject().getHandlerMethods().keySet().stream()
        .flatMap(
            mapping ->
                mapping.getPathPatternsCondition() == null
                    ? List.<PathPattern>of().stream()
                    : mapping.getPathPatternsCondition().getPatterns().stream())
        .toList();
  }
}
