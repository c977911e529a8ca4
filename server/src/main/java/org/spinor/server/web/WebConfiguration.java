package org.spinor.server.web;

import java.time.Clock;
import java.util.List;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/** Wires what all routes share. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  JsonMapperBuilderCustomizer wireJson() {
    return WireJson::configure;
  }

  /** What Tomcat refuses before any of our code sees it is told in JSON too. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> errorsInJson() {
    return factory ->
        factory.addContextCustomizers(
            context -> context.getParent().getPipeline().addValve(new ErrorValve()));
  }

  /**
   * Browsers speak HTTP/2 with TLS alone. Who asks for it on a plain connection is answered by
   * HTTP/1.1: connections were seen to break off in the change from one to the other.
   */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> http2WithTls() {
    return factory -> {
      if (factory.getSsl() == null) {
        factory.setHttp2(new Http2());
      }
    };
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> forwardedHeaders(
      WebProperties properties) {
    ForwardedHeaders valve = new ForwardedHeaders(properties.trustedProxies());
    return factory -> factory.addEngineValves(valve);
  }

  /** Pages of other origins, as a DiracX web page served elsewhere. */
  @Bean
  FilterRegistrationBean<CorsFilter> cors(WebProperties properties) {
    CorsConfiguration rules = new CorsConfiguration();
    rules.setAllowedOrigins(properties.corsOrigins());
    rules.setAllowCredentials(true);
    rules.setAllowedMethods(List.of(CorsConfiguration.ALL));
    rules.setAllowedHeaders(List.of(CorsConfiguration.ALL));
    rules.setExposedHeaders(List.of("Content-Range", "ETag"));
    rules.setMaxAge(600L);
    UrlBasedCorsConfigurationSource everywhere = new UrlBasedCorsConfigurationSource();
    everywhere.registerCorsConfiguration("/**", rules);
    CorsFilter cors = new CorsFilter(everywhere);
    cors.setCorsProcessor(new CorsAnswers());
    FilterRegistrationBean<CorsFilter> filter = new FilterRegistrationBean<>(cors);
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
    return filter;
  }
}
