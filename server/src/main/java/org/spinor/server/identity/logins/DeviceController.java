package org.spinor.server.identity.logins;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.RequestRate;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.logins.LoginFlow.State;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.tokens.IdentityProperties;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The device flow (RFC 8628): a terminal shows a code, its user logs in with a browser. */
@RestController
@Tag(name = "auth")
final class DeviceController {
  /** What a device shows its user, and what it asks for the tokens with. */
  @Schema(name = "InitiateDeviceFlowResponse")
  record DeviceAnswer(
      @JsonProperty("user_code") String userCode,
      @JsonProperty("device_code") String deviceCode,
      @JsonProperty("verification_uri_complete") String verificationUriComplete,
      @JsonProperty("verification_uri") String verificationUri,
      @JsonProperty("expires_in") int expiresIn) {}

  /** A whole laboratory may come from one address. */
  private static final int STARTS_OF_ADDRESS = 300;

  private static final int WRONG_CODES_OF_ADDRESS = 20;
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final BrowserLogins logins;
  private final LoginDoors doors;
  private final People people;
  private final Configurations configurations;
  private final IdentityProperties properties;
  private final RequestRate starts;
  private final RequestRate wrongCodes;

  DeviceController(
      BrowserLogins logins,
      LoginDoors doors,
      People people,
      Configurations configurations,
      IdentityProperties properties,
      Clock clock) {
    this.logins = logins;
    this.doors = doors;
    this.people = people;
    this.configurations = configurations;
    this.properties = properties;
    this.starts = new RequestRate(STARTS_OF_ADDRESS, WINDOW, clock);
    this.wrongCodes = new RequestRate(WRONG_CODES_OF_ADDRESS, WINDOW, clock);
  }

  @PostMapping(path = "/api/auth/device", produces = MediaType.APPLICATION_JSON_VALUE)
  DeviceAnswer initiateDeviceFlow(
      @RequestParam("client_id") String client,
      @RequestParam("scope") String scope,
      HttpServletRequest request) {
    if (!properties.clients().contains(client)) {
      throw new SpinorException(ErrorCode.INVALID_REQUEST, "Unrecognised client_id");
    }
    starts.take(request.getRemoteAddr());
    BrowserLogins.Device device = logins.startDevice(client, scope);
    String page = BrowserPages.base() + "/api/auth/device";
    return new DeviceAnswer(
        device.userCode(),
        device.deviceCode(),
        page + "?user_code=" + device.userCode(),
        page,
        Math.toIntExact(BrowserLogins.LIFE.toSeconds()));
  }

  @GetMapping(path = "/api/auth/device", params = "user_code")
  @ApiResponse(
      responseCode = "200",
      description = "After the redirects: a page to log in on",
      content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema()))
  @ApiResponse(responseCode = "307", description = "To the identity provider", content = @Content)
  ResponseEntity<String> doDeviceFlow(
      @RequestParam("user_code") String userCode,
      HttpServletRequest request,
      HttpServletResponse response) {
    String address = request.getRemoteAddr();
    wrongCodes.requireSome(address);
    Optional<LoginFlow> flow = logins.open(userCode, LoginCookie.give(request, response));
    if (flow.isEmpty()) {
      wrongCodes.count(address);
      SecurityLog.refused("login of a device", "somebody", address, "unknown user code");
      String problem = "Unknown or expired user_code";
      if (BrowserPages.wanted(request)) {
        return LoginPages.enterCode(400, problem + ": please look at your terminal again");
      }
      throw new SpinorException(ErrorCode.INVALID_REQUEST, problem);
    }
    return BrowserPages.redirect(HttpStatus.TEMPORARY_REDIRECT, doors.address(flow.get()));
  }

  /** For those who type the code. */
  @GetMapping(path = "/api/auth/device", params = "!user_code")
  @Hidden
  ResponseEntity<String> askForUserCode(HttpServletRequest request)
      throws MissingServletRequestParameterException {
    if (!BrowserPages.wanted(request)) {
      throw new MissingServletRequestParameterException("user_code", "String");
    }
    return LoginPages.enterCode(200, null);
  }

  @GetMapping("/api/auth/device/confirm")
  @ApiResponse(
      responseCode = "200",
      description = "The page that asks whether the device may",
      content = @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")))
  ResponseEntity<String> askToAllowDevice(
      @RequestParam("flow") String id, HttpServletRequest request) {
    LoginFlow flow = logins.ofBrowser(id, LoginCookie.of(request), State.NAMED);
    Person person =
        people.person(people.scope(flow.scope()), Objects.requireNonNull(flow.subject()));
    return LoginPages.confirm(flow, configurations.current(), person.username());
  }

  @PostMapping(
      path = "/api/auth/device/confirm",
      consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
  @ApiResponse(
      responseCode = "200",
      description = "Refused",
      content = @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")))
  @ApiResponse(responseCode = "303", description = "Allowed", content = @Content)
  ResponseEntity<String> allowDevice(
      @RequestBody MultiValueMap<String, String> fields, HttpServletRequest request) {
    TokenForm form = new TokenForm(fields);
    LoginFlow flow =
        BrowserPages.checked(
            form, logins.ofBrowser(form.required("flow"), LoginCookie.of(request), State.NAMED));
    String who = String.valueOf(flow.subject()) + " for " + flow.scope();
    if (!form.required("answer").equals("allow")) {
      logins.refuse(flow);
      SecurityLog.refused(
          "login of a device", who, request.getRemoteAddr(), "the user does not want it");
      return LoginPages.message(
          200, "Refused", "The device gets nothing. You can close this window.");
    }
    logins.allow(flow);
    SecurityLog.done("login of a device", who, request.getRemoteAddr());
    return BrowserPages.redirect(
        HttpStatus.SEE_OTHER, BrowserPages.base() + "/api/auth/device/complete/finished");
  }

  @GetMapping(path = "/api/auth/device/complete", params = "!error")
  @ApiResponse(
      responseCode = "200",
      description = "After the redirect: a page",
      content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema()))
  @ApiResponse(
      responseCode = "307",
      description = "To the question whether the device may",
      content = @Content)
  ResponseEntity<String> finishDeviceFlow(
      @RequestParam("code") String code,
      @RequestParam("state") String state,
      @Parameter(hidden = true) @RequestParam(name = "iss", required = false)
          @Nullable String issuer,
      HttpServletRequest request) {
    LoginDoors.Named named =
        doors.arrive(LoginFlow.Kind.DEVICE, new LoginDoors.Arrival(state, issuer), code, request);
    return BrowserPages.redirect(
        HttpStatus.TEMPORARY_REDIRECT,
        BrowserPages.base() + "/api/auth/device/confirm?flow=" + named.flow().id());
  }

  /** The provider let nobody in. */
  @GetMapping(path = "/api/auth/device/complete", params = "error")
  @Hidden
  ResponseEntity<String> deviceTurnedAway(
      @RequestParam("error") String error,
      @RequestParam("state") String state,
      HttpServletRequest request) {
    doors.turnedAway(LoginFlow.Kind.DEVICE, new LoginDoors.Arrival(state, null), error, request);
    return LoginPages.message(
        200,
        "Not logged in",
        "The identity provider says: " + error + ". The device gets nothing.");
  }

  @GetMapping("/api/auth/device/complete/finished")
  @ApiResponse(
      responseCode = "200",
      content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema()))
  ResponseEntity<String> finished() {
    return LoginPages.message(
        200, "Logged in", "Your device goes on by itself. You can close this window.");
  }
}
