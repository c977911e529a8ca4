package org.spinor.it;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Forms for an S3 store, taken apart and signed by hand. */
final class S3Forms {
  private S3Forms() {}

  /** When the form of this answer ends. */
  static Instant expiration(JsonNode place) {
    return Instant.parse(policy(place).path("expiration").asString());
  }

  private static JsonNode policy(JsonNode place) {
    byte[] json = Base64.getDecoder().decode(place.path("fields").path("policy").asString());
    return Json.tree(new String(json, StandardCharsets.UTF_8));
  }

  /** The fields that change with another end of its time; well signed. */
  static Map<String, String> resigned(JsonNode place, String expiration) {
    ObjectNode policy = ((ObjectNode) policy(place)).put("expiration", expiration);
    String encoded =
        Base64.getEncoder().encodeToString(policy.toString().getBytes(StandardCharsets.UTF_8));
    String credential = place.path("fields").path("x-amz-credential").asString();
    byte[] key = ("AWS4" + ObjectStore.SECRET).getBytes(StandardCharsets.UTF_8);
    for (String scope : List.of(credential.split("/")).subList(1, 5)) {
      key = hmac(key, scope);
    }
    return Map.of(
        "policy", encoded, "x-amz-signature", HexFormat.of().formatHex(hmac(key, encoded)));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
