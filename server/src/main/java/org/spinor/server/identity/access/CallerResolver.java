package org.spinor.server.identity.access;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Author;
import org.spinor.server.identity.Caller;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Gives controllers the {@link Caller} that the access table let in, and those of the configuration
 * the {@link Author} that the caller is.
 */
final class CallerResolver implements HandlerMethodArgumentResolver {
  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Caller.class
        || parameter.getParameterType() == Author.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    HttpServletRequest http = request.getNativeRequest(HttpServletRequest.class);
    Caller caller =
        AccessInterceptor.caller(http)
            .orElseThrow(
                () ->
                    new SpinorException(
                        ErrorCode.NOT_AUTHENTICATED, "Authorization header is missing"));
    return parameter.getParameterType() == Caller.class
        ? caller
        : new Author(
            caller.subject(),
            caller.username(),
            caller.vo(),
            caller.group(),
            http == null ? "" : http.getRemoteAddr());
  }
}
