package org.spinor.server.sandboxes;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.spinor.server.web.WireJson;

/**
 * Signs what may be sent to a bucket by a form, and only that: this object, these bytes, in time.
 * Written after "Browser-Based Uploads Using POST (AWS Signature Version 4)", Amazon S3 API
 * Reference, <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html">sigv4-UsingHTTPPOST</a>;
 * Amazon's Java library has the signatures of requests, but not this one.
 */
record PostPolicy(S3Key key, String region, String bucket) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter DAY = format("uuuuMMdd");
  private static final DateTimeFormatter TIME = format("uuuuMMdd'T'HHmmss'Z'");
  private static final DateTimeFormatter EXPIRATION = format("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");

  /** The fields of a form that may send this blob as this object. */
  Map<String, String> fields(String object, Blob blob, Instant now, Duration life) {
    String day = DAY.format(now);
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("x-amz-checksum-algorithm", "sha256");
    fields.put(
        "x-amz-checksum-sha256",
        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(blob.checksum())));
    fields.put("key", object);
    fields.put("x-amz-algorithm", ALGORITHM);
    fields.put("x-amz-credential", String.join("/", key.id(), day, region, "s3", "aws4_request"));
    fields.put("x-amz-date", TIME.format(now));
    String policy = policy(fields, blob.size(), now.plus(life));
    fields.put("policy", policy);
    fields.put("x-amz-signature", sign(policy, day));
    return fields;
  }

  private String policy(Map<String, String> fields, long size, Instant end) {
    List<Object> conditions = new ArrayList<>();
    conditions.add(List.of("content-length-range", size, size));
    conditions.add(Map.of("bucket", bucket));
    fields.forEach((name, value) -> conditions.add(Map.of(name, value)));
    byte[] json =
        WireJson.mapper()
            .writeValueAsBytes(
                Map.of("expiration", EXPIRATION.format(end), "conditions", conditions));
    return Base64.getEncoder().encodeToString(json);
  }

  /**
   * @param policy as it stands in the form
   * @param day of the credential, {@code yyyymmdd}
   */
  String sign(String policy, String day) {
    byte[] signing = ("AWS4" + key.secret()).getBytes(StandardCharsets.UTF_8);
    for (String scope : List.of(day, region, "s3", "aws4_request")) {
      signing = hmac(signing, scope);
    }
    return HexFormat.of().formatHex(hmac(signing, policy));
  }

  private static byte[] hmac(byte[] secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
