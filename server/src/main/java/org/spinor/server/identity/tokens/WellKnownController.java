package org.spinor.server.identity.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.people.Scope;
import org.spinor.server.web.WireJson;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** What clients ask before they know anything. */
@RestController
@Tag(name = ".well-known")
final class WellKnownController {
  /** Where to log in, and how. */
  @Schema(name = "OpenIDConfiguration")
  record OpenIdConfiguration(
      String issuer,
      @JsonProperty("token_endpoint") String token,
      @JsonProperty("userinfo_endpoint") String userinfo,
      @JsonProperty("authorization_endpoint") String authorization,
      @JsonProperty("device_authorization_endpoint") String device,
      @JsonProperty("revocation_endpoint") String revocation,
      @JsonProperty("jwks_uri") String keys,
      @JsonProperty("grant_types_supported") List<String> grantTypes,
      @JsonProperty("scopes_supported") List<String> scopes,
      @JsonProperty("response_types_supported") List<String> responseTypes,
      @JsonProperty("token_endpoint_auth_signing_alg_values_supported") List<String> algorithms,
      @JsonProperty("token_endpoint_auth_methods_supported") List<String> authMethods,
      @JsonProperty("code_challenge_methods_supported") List<String> challengeMethods) {}

  /** The VOs of this installation. */
  @Schema(name = "Metadata")
  record Metadata(@JsonProperty("virtual_organizations") SortedMap<String, VoInfo> vos) {}

  /** What a user chooses from at a login. */
  @Schema(name = "VOInfo")
  record VoInfo(
      SortedMap<String, GroupInfo> groups,
      SupportInfo support,
      @JsonProperty("default_group") String defaultGroup) {}

  @Schema(name = "GroupInfo")
  record GroupInfo(List<String> properties) {}

  @Schema(name = "SupportInfo")
  record SupportInfo(String message, @Nullable String webpage, @Nullable String email) {}

  private final Configurations configurations;
  private final Keys keys;
  private final IdentityProperties properties;
  private final Clock clock;

  WellKnownController(
      Configurations configurations, Keys keys, IdentityProperties properties, Clock clock) {
    this.configurations = configurations;
    this.keys = keys;
    this.properties = properties;
    this.clock = clock;
  }

  @GetMapping(
      path = "/.well-known/openid-configuration",
      produces = MediaType.APPLICATION_JSON_VALUE)
  OpenIdConfiguration getOpenidConfiguration() {
    String base = ServletUriComponentsBuilder.fromCurrentContextPath().toUriString();
    return new OpenIdConfiguration(
        properties.issuer(),
        base + "/api/auth/token",
        base + "/api/auth/userinfo",
        base + "/api/auth/authorize",
        base + "/api/auth/device",
        base + "/api/auth/revoke",
        base + "/.well-known/jwks.json",
        List.of("authorization_code", "urn:ietf:params:oauth:grant-type:device_code"),
        scopes(configurations.current()),
        List.of("code"),
        List.of("RS256", "Ed25519"),
        List.of("none"),
        List.of("S256"));
  }

  private static List<String> scopes(Configuration configuration) {
    List<String> scopes = new ArrayList<>();
    configuration.registry().keySet().forEach(vo -> scopes.add("vo:" + vo));
    TreeSet<String> groups = new TreeSet<>();
    configuration.registry().values().forEach(vo -> groups.addAll(vo.groups().keySet()));
    groups.forEach(group -> scopes.add("group:" + group));
    Scope.knownProperties(configuration).forEach(name -> scopes.add("property:" + name));
    return scopes;
  }

  @GetMapping(path = "/.well-known/jwks.json", produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> getJwks() {
    return keys.now().published();
  }

  @GetMapping(path = "/.well-known/dirac-metadata", produces = MediaType.APPLICATION_JSON_VALUE)
  Metadata getInstallationMetadata() {
    SortedMap<String, VoInfo> vos = new TreeMap<>();
    configurations.current().registry().forEach((name, vo) -> vos.put(name, info(vo)));
    return new Metadata(vos);
  }

  private static VoInfo info(Vo vo) {
    SortedMap<String, GroupInfo> groups = new TreeMap<>();
    vo.groups()
        .forEach(
            (name, group) ->
                groups.put(name, new GroupInfo(group.properties().stream().sorted().toList())));
    SupportInfo support =
        new SupportInfo(vo.support().message(), vo.support().webpage(), vo.support().email());
    return new VoInfo(groups, support, vo.defaultGroup());
  }

  /** As text; as a JSON string for DiracX's clients, which ask for JSON and nothing else. */
  @GetMapping("/.well-known/security.txt")
  ResponseEntity<String> getSecurityTxt(
      @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "*/*")
          String accept) {
    boolean json = accept.strip().equals(MediaType.APPLICATION_JSON_VALUE);
    return ResponseEntity.ok()
        .contentType(json ? MediaType.APPLICATION_JSON : new MediaType("text", "plain", UTF_8))
        .body(json ? WireJson.mapper().writeValueAsString(securityText()) : securityText());
  }

  private String securityText() {
    StringBuilder text = new StringBuilder();
    contacts().forEach(contact -> text.append("Contact: ").append(contact).append('\n'));
    return text.append("Expires: ")
        .append(
            clock
                .instant()
                .atOffset(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .with(TemporalAdjusters.firstDayOfNextMonth())
                .plusMonths(6)
                .toInstant())
        .append("\nPreferred-Languages: en\n")
        .toString();
  }

  private List<String> contacts() {
    List<String> contacts = new ArrayList<>();
    for (Vo vo : configurations.current().registry().values()) {
      String email = vo.support().email();
      String webpage = vo.support().webpage();
      if (email != null) {
        contacts.add("mailto:" + email);
      } else if (webpage != null) {
        contacts.add(webpage);
      }
    }
    return contacts.isEmpty() ? List.of(properties.issuer()) : contacts;
  }
}
