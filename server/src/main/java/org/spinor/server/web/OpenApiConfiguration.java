package org.spinor.server.web;

import io.swagger.v3.oas.annotations.tags.Tag;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.customizers.ParameterCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.method.HandlerMethod;

/**
 * The OpenAPI document: tags are the rooms' names or what a controller says with {@code @Tag},
 * operations are called {@code <tag>_<method_name>}, as DiracX's generated clients expect.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
  private static final String SCHEME = "OpenIdConnect";

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Spinor")
                .version("0.1")
                .description(
                    "Routes of DiracX, and more. Errors are problem JSON with detail, code and, where there are several, problems.")
                .license(
                    new License()
                        .name("Apache-2.0")
                        .url("https://www.apache.org/licenses/LICENSE-2.0")))
        .components(
            new Components()
                .addSecuritySchemes(
                    SCHEME,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.OPENIDCONNECT)
                        .openIdConnectUrl("/.well-known/openid-configuration")))
        .addSecurityItem(new SecurityRequirement().addList(SCHEME));
  }

  @Bean
  GlobalOperationCustomizer operationNames() {
    return OpenApiConfiguration::named;
  }

  private static Operation named(Operation operation, HandlerMethod method) {
    Tag said = method.getBeanType().getAnnotation(Tag.class);
    String tag = said == null ? room(method.getBeanType()) : said.name();
    operation.setTags(List.of(tag));
    operation.setOperationId(tag + "_" + snakeCase(method.getMethod().getName()));
    return operation;
  }

  /** As its package is called, whichever of its floors the class is on. */
  private static String room(Class<?> type) {
    String house = OpenApiConfiguration.class.getPackageName().replaceFirst("[^.]+$", "");
    return type.getPackageName().replace(house, "").replaceFirst("\\..*", "");
  }

  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** A parameter that says nothing of where it comes from is given by the server, as the caller. */
  @Bean
  ParameterCustomizer onlyWhatIsOnTheWire() {
    return (parameter, method) -> parameter != null && bound(method) ? parameter : null;
  }

  private static boolean bound(MethodParameter parameter) {
    return Arrays.stream(parameter.getParameterAnnotations())
        .map(Annotation::annotationType)
        .anyMatch(type -> type.getPackageName().equals("org.springframework.web.bind.annotation"));
  }
}
