package org.spinor.server.identity.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spinor.server.SpinorServer;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.FromTests;
import org.spinor.server.identity.people.Roles;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The tables of all rooms against the controllers of all rooms, without starting a server. */
class AccessTablesTest {
  /** Routes that libraries bring; / is the folder of static files with its index.html. */
  private static final List<Route> OF_LIBRARIES =
      List.of(
          Route.of("GET", "/"),
          Route.of("GET", "/**"),
          Route.of("GET", "/webjars/**"),
          Route.of("GET", "/api/openapi.json"),
          Route.of("GET", "/api/openapi.json.yaml"));

  @Test
  void everyRouteHasARowAndEveryRowARoute() throws Exception {
    List<Route> routes = new ArrayList<>(OF_LIBRARIES);
    routes.addAll(controllers());
    assertThat(routes).as("the scan sees something").hasSizeGreaterThan(15);
    assertThat(AccessRules.load().problems(routes)).isEmpty();
  }

  @Test
  void openRoutesAreThoseOnThisList() {
    assertThat(AccessRules.load().rows().stream().filter(AccessRow::isOpen))
        .extracting(AccessRow::text)
        .allMatch(
            route ->
                route.equals("GET /**")
                    || route.equals("GET /")
                    || route.startsWith("GET /webjars/")
                    || route.startsWith("GET /pilot/")
                    || route.startsWith("GET /.well-known/")
                    || route.startsWith("GET /api/health/")
                    || route.startsWith("GET /api/openapi.json")
                    || route.equals("GET /api/docs")
                    || List.of(
                            "POST /api/auth/token",
                            "POST /api/auth/revoke",
                            // logins of browsers and devices on their way to a token
                            "POST /api/auth/device",
                            "GET /api/auth/device",
                            "GET /api/auth/device/complete",
                            "GET /api/auth/device/complete/finished",
                            "GET /api/auth/authorize",
                            "GET /api/auth/authorize/complete",
                            "GET /api/auth/login",
                            // these need the browser's cookie and a form that it was shown
                            "GET /api/auth/device/confirm",
                            "POST /api/auth/device/confirm",
                            "POST /api/auth/login",
                            "POST /api/auth/secret-exchange",
                            // these ask for the secret that a machine made up
                            "POST /api/machines/join",
                            "POST /api/machines/pilot",
                            "POST /api/machines/heartbeat",
                            "POST /api/machines/leave",
                            // this one asks for a key of its own
                            "GET /api/auth/legacy-exchange",
                            // these carry a signature of their own
                            "POST /api/jobs/sandbox/upload",
                            "GET /api/jobs/sandbox/file")
                        .contains(route));
  }

  @Test
  void machinesAreAtTheirOwnThingsOnly() {
    for (AccessRow row : AccessRules.load().rows()) {
      assertThat(List.of("own", "none"))
          .as("pilot and payload in %s", row.text())
          .containsAll(
              row.text().startsWith("GET /api/config/") || row.text().startsWith("GET /api/rss/")
                  ? List.of()
                  : List.of(reach(row, Roles.PILOT), reach(row, Roles.PAYLOAD)));
    }
  }

  private static String reach(AccessRow row, String role) {
    Caller.@Nullable Reach reach = row.cells().get(role);
    return reach == null ? "none" : reach.name().toLowerCase(Locale.ROOT);
  }

  private static List<Route> controllers() throws Exception {
    ClassPathScanningCandidateComponentProvider scan =
        new ClassPathScanningCandidateComponentProvider(false);
    scan.addExcludeFilter(new FromTests());
    scan.addIncludeFilter(new AnnotationTypeFilter(Controller.class));
    Mappings mappings = new Mappings();
    List<Route> routes = new ArrayList<>();
    for (BeanDefinition each : scan.findCandidateComponents(SpinorServer.class.getPackageName())) {
      Class<?> type =
          ClassUtils.forName(
              Objects.requireNonNull(each.getBeanClassName()), SpinorServer.class.getClassLoader());
      MethodIntrospector.selectMethods(
              type, (Method method) -> mappings.getMappingForMethod(method, type))
          .values()
          .forEach(info -> ServerRoutes.of(info).forEach(mapped -> routes.add(mapped.route())));
    }
    return routes;
  }

  /** Spring's reading of the annotations, without beans. */
  private static final class Mappings extends RequestMappingHandlerMapping {
    Mappings() {
      afterPropertiesSet();
    }

    @Override
    protected boolean isHandler(Class<?> beanType) {
      return false;
    }

    @Override
    protected void initHandlerMethods() {}

    @Override
    protected @Nullable RequestMappingInfo getMappingForMethod(
        Method method, Class<?> handlerType) {
      return super.getMappingForMethod(method, handlerType);
    }
  }
}
