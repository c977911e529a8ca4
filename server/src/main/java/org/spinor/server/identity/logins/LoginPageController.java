package org.spinor.server.identity.logins;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.accounts.LocalLogins;
import org.spinor.server.identity.logins.LoginFlow.State;
import org.spinor.server.identity.people.Scope;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The page of the built-in identity provider. */
@RestController
@Tag(name = "auth")
final class LoginPageController {
  private final BrowserLogins logins;
  private final LocalLogins local;
  private final Configurations configurations;

  LoginPageController(BrowserLogins logins, LocalLogins local, Configurations configurations) {
    this.logins = logins;
    this.local = local;
    this.configurations = configurations;
  }

  @GetMapping("/api/auth/login")
  @ApiResponse(
      responseCode = "200",
      content = @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")))
  ResponseEntity<String> showLogin(@RequestParam("flow") String id, HttpServletRequest request) {
    LoginFlow flow = logins.ofBrowser(id, LoginCookie.of(request), State.STARTED);
    requireNoProvider(flow);
    return LoginPages.login(200, flow, configurations.current(), "", null);
  }

  @PostMapping(path = "/api/auth/login", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
  @ApiResponse(
      responseCode = "200",
      description = "Cancelled",
      content = @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")))
  @ApiResponse(
      responseCode = "303",
      description = "To the question for a device, or back to the web page with a code",
      content = @Content)
  ResponseEntity<String> login(
      @RequestBody MultiValueMap<String, String> fields,
      HttpServletRequest request,
      HttpServletResponse response) {
    TokenForm form = new TokenForm(fields);
    LoginFlow flow =
        BrowserPages.checked(
            form, logins.ofBrowser(form.required("flow"), LoginCookie.of(request), State.STARTED));
    requireNoProvider(flow);
    if (form.required("answer").equals("cancel")) {
      return logins
          .refuse(flow)
          .map(page -> BrowserPages.redirect(HttpStatus.SEE_OTHER, page))
          .orElseGet(
              () ->
                  LoginPages.message(
                      200, "Cancelled", "The device gets nothing. You can close this window."));
    }
    String username = form.optional("username").orElse("");
    String who = username + " for " + flow.scope();
    String address = request.getRemoteAddr();
    try {
      String subject =
          local.subject(
              vo(flow), username, form.optional("password").orElse(""), address, response);
      String next =
          logins
              .name(flow, subject)
              .orElseGet(() -> BrowserPages.base() + "/api/auth/device/confirm?flow=" + flow.id());
      SecurityLog.done("login", who, address);
      return BrowserPages.redirect(HttpStatus.SEE_OTHER, next);
    } catch (SpinorException e) {
      SecurityLog.refused("login", who, address, String.valueOf(e.getMessage()));
      return again(e, flow, username).orElseThrow(() -> e);
    }
  }

  private Optional<ResponseEntity<String>> again(
      SpinorException refusal, LoginFlow flow, String username) {
    return refusal.code() == ErrorCode.NOT_AUTHENTICATED
            || refusal.code() == ErrorCode.TOO_MANY_REQUESTS
        ? Optional.of(
            LoginPages.login(
                refusal.code().httpStatus(),
                flow,
                configurations.current(),
                username,
                refusal.getMessage()))
        : Optional.empty();
  }

  private String vo(LoginFlow flow) {
    return Scope.parse(flow.scope(), configurations.current()).vo();
  }

  /** Whose VO has an identity provider logs in there. */
  private void requireNoProvider(LoginFlow flow) {
    Configuration.Vo vo = configurations.current().registry().get(vo(flow));
    if (vo != null && vo.identityProvider().isPresent()) {
      throw BrowserLogins.ended();
    }
  }
}
