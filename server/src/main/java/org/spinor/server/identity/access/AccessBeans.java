package org.spinor.server.identity.access;

import java.util.List;
import java.util.Map;
import org.spinor.server.identity.tokens.TokenReader;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Wires the decision on every request. */
@Configuration(proxyBeanMethods = false)
class AccessBeans {
  /** After the filters of the {@code web} room, before everything else. */
  private static final int FILTER_ORDER = -100;

  /**
   * Spring Security's chain with nothing in it that a server of bearer tokens does not need: its
   * firewall for strange requests, and the finding of the caller.
   */
  @Bean
  FilterRegistrationBean<FilterChainProxy> securityFilters(TokenReader tokens) {
    FilterRegistrationBean<FilterChainProxy> filters =
        new FilterRegistrationBean<>(
            new FilterChainProxy(
                new DefaultSecurityFilterChain(
                    AnyRequestMatcher.INSTANCE, new BearerFilter(tokens))));
    filters.setOrder(FILTER_ORDER);
    return filters;
  }

  @Bean
  AccessInterceptor accessInterceptor(LimitProperties properties) {
    return new AccessInterceptor(new Audit(properties.audit()));
  }

  @Bean
  WebMvcConfigurer callers(AccessInterceptor access) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(access).order(Integer.MIN_VALUE);
      }

      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerResolver());
      }
    };
  }

  @Bean
  AccessRules accessRules() {
    return AccessRules.load();
  }

  /** The server starts only with a row for every route. */
  @Bean
  SmartInitializingSingleton accessCheck(
      AccessInterceptor access, AccessRules rules, ApplicationContext context) {
    return () -> {
      Map<String, HandlerMapping> mappings = context.getBeansOfType(HandlerMapping.class);
      access.guard(rules, ServerRoutes.of(mappings.values()));
    };
  }
}
