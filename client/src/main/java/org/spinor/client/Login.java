package org.spinor.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The calls about who the user is. */
public final class Login {
  /** The public client that every command line is; the same as DiracX's. */
  public static final String CLIENT_ID = "myDIRACClientID";

  private final Transport transport;

  Login(Transport transport) {
    this.transport = transport;
  }

  /**
   * Logs in with a local account of the server.
   *
   * @param scope {@code vo:X group:Y property:Z}; the group may be absent
   */
  public TokenResponse password(String user, String password, String scope) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "password");
    form.put("username", user);
    form.put("password", password);
    form.put("scope", scope);
    return token(form);
  }

  /**
   * Begins a login in a browser, on whatever device.
   *
   * @param scope {@code vo:X group:Y property:Z}; the group may be absent
   */
  public Device startDevice(String scope) {
    HttpRequest request =
        transport
            .withToken(() -> null)
            .request("/api/auth/device?client_id=" + CLIENT_ID + "&scope=" + encode(scope))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return Json.read(transport.send(request).body(), Device.class);
  }

  /**
   * Asks whether the user has logged in with the browser.
   *
   * @return empty: not yet
   * @throws SpinorException the user said no, may not be this, or the time is over
   */
  public Optional<TokenResponse> pollDevice(String deviceCode) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    form.put("device_code", deviceCode);
    HttpResponse<String> answer =
        transport.exchange(request("/api/auth/token", form), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() < 300) {
      return Optional.of(Json.read(answer.body(), TokenResponse.class));
    }
    SpinorException problem = Transport.problem(answer.statusCode(), answer.body());
    return switch (error(answer.body())) {
      case "" -> throw problem;
      case "authorization_pending", "slow_down" -> Optional.empty();
      case "access_denied" ->
          throw new SpinorException(ErrorCode.FORBIDDEN, "the login was refused in the browser");
      default -> throw problem;
    };
  }

  /** The name that OAuth gives a refusal; empty: it has none. */
  private static String error(String body) {
    try {
      return Json.tree(body).path("error").asString("");
    } catch (JacksonException e) {
      return "";
    }
  }

  /** Trades a refresh token for new tokens; the old one is spent by that. */
  public TokenResponse refresh(String refreshToken) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", refreshToken);
    return token(form);
  }

  /** Ends a login: the refresh token is good for nothing any more. */
  public void revoke(String refreshToken) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("token", refreshToken);
    form.put("token_type_hint", "refresh_token");
    post("/api/auth/revoke", form);
  }

  /** Who the bearer of the token is. */
  public UserInfo userInfo() {
    return Json.read(transport.json("GET", "/api/auth/userinfo", null).body(), UserInfo.class);
  }

  /** VOs of this installation, with their groups and the default one: no login needed. */
  public JsonNode virtualOrganizations() {
    Transport anonymous = transport.withToken(() -> null);
    return Json.tree(anonymous.json("GET", "/.well-known/dirac-metadata", null).body())
        .path("virtual_organizations");
  }

  private TokenResponse token(Map<String, String> form) {
    return Json.read(post("/api/auth/token", form), TokenResponse.class);
  }

  private String post(String path, Map<String, String> form) {
    return transport.send(request(path, form)).body();
  }

  private HttpRequest request(String path, Map<String, String> form) {
    form.put("client_id", CLIENT_ID);
    String body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    return transport
        .withToken(() -> null)
        .request(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * A login that waits for its user.
   *
   * @param userCode what the user compares, or types
   * @param deviceCode what is polled with; secret
   * @param addressComplete to be opened in a browser
   * @param address the same where the code is typed by hand
   * @param expiresIn seconds
   */
  public record Device(
      @JsonProperty("user_code") String userCode,
      @JsonProperty("device_code") String deviceCode,
      @JsonProperty("verification_uri_complete") String addressComplete,
      @JsonProperty("verification_uri") String address,
      @JsonProperty("expires_in") int expiresIn) {
    @Override
    public String toString() {
      return "device " + userCode;
    }
  }

  /** Who somebody is to the server. */
  public record UserInfo(
      String sub,
      String vo,
      @JsonProperty("dirac_group") String group,
      List<String> properties,
      @JsonProperty("preferred_username") String name) {
    public UserInfo {
      properties = List.copyOf(properties);
    }
  }
}
