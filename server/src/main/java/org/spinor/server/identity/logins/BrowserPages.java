package org.spinor.server.identity.logins;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.Secrets;
import org.spinor.server.identity.logins.LoginFlow.Browser;
import org.spinor.server.web.Problems;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** What the routes have in common that browsers come to: refusals are pages for people. */
@RestControllerAdvice(
    assignableTypes = {
      DeviceController.class,
      AuthorizationController.class,
      LoginPageController.class
    })
@Order(Ordered.HIGHEST_PRECEDENCE)
final class BrowserPages {
  /** Whether the caller is a browser that shows pages, and no program. */
  static boolean wanted(HttpServletRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return accept != null && accept.contains(MediaType.TEXT_HTML_VALUE);
  }

  /** Address of this server as the browser sees it. */
  static String base() {
    return ServletUriComponentsBuilder.fromCurrentContextPath().toUriString();
  }

  static ResponseEntity<String> redirect(HttpStatus status, String address) {
    return ResponseEntity.status(status).header(HttpHeaders.LOCATION, address).build();
  }

  /**
   * A form counts only if it is one that this browser was shown.
   *
   * @throws SpinorException 400
   */
  static LoginFlow checked(TokenForm form, LoginFlow flow) {
    Browser browser = flow.browser();
    if (browser == null || !Secrets.same(form.required("form"), browser.formToken())) {
      throw BrowserLogins.ended();
    }
    return flow;
  }

  @ExceptionHandler
  @Nullable ResponseEntity<String> refusal(
      SpinorException refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (wanted(request) && refusal.code().httpStatus() < 500) {
      return LoginPages.message(
          refusal.code().httpStatus(), "That did not work", String.valueOf(refusal.getMessage()));
    }
    Problems.write(response, refusal);
    return null;
  }
}
