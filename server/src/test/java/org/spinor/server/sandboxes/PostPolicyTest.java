package org.spinor.server.sandboxes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spinor.server.web.WireJson;
import tools.jackson.databind.JsonNode;

class PostPolicyTest {
  private static final S3Key KEY =
      new S3Key("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  private static final PostPolicy POLICY = new PostPolicy(KEY, "us-east-1", "sigv4examplebucket");

  /** Values of Amazon's example, "sigv4-post-example" of the S3 API Reference. */
  @Test
  void signatureIsThatOfAmazonsExample() {
    String policy =
        String.join(
            "\r\n",
            "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",",
            "  \"conditions\": [",
            "    {\"bucket\": \"sigv4examplebucket\"},",
            "    [\"starts-with\", \"$key\", \"user/user1/\"],",
            "    {\"acl\": \"public-read\"},",
            "    {\"success_action_redirect\": \"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},",
            "    [\"starts-with\", \"$Content-Type\", \"image/\"],",
            "    {\"x-amz-meta-uuid\": \"14365123651274\"},",
            "    {\"x-amz-server-side-encryption\": \"AES256\"},",
            "    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],",
            "",
            "    {\"x-amz-credential\": \"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},",
            "    {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},",
            "    {\"x-amz-date\": \"20151229T000000Z\" }",
            "  ]",
            "}");
    String encoded = Base64.getEncoder().encodeToString(policy.getBytes(StandardCharsets.UTF_8));
    assertThat(POLICY.sign(encoded, "20151229"))
        .isEqualTo("8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
  }

  @Test
  void formIsGoodForOneObjectOfOneSizeAndContentForFiveMinutes() {
    Map<String, String> fields =
        POLICY.fields(
            "p/vo/user/alice/sha256:x",
            new Blob("00".repeat(31) + "ff", "tar.zst", 17),
            Instant.parse("2026-11-21T23:58:00Z"),
            Duration.ofSeconds(300));
    assertThat(fields)
        .containsEntry("key", "p/vo/user/alice/sha256:x")
        .containsEntry("x-amz-checksum-algorithm", "sha256")
        .containsEntry("x-amz-checksum-sha256", "A".repeat(41) + "P8=")
        .containsEntry("x-amz-date", "20261121T235800Z")
        .containsEntry(
            "x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20261121/us-east-1/s3/aws4_request");
    JsonNode policy = WireJson.mapper().readTree(Base64.getDecoder().decode(fields.get("policy")));
    assertThat(policy.path("expiration").asString()).isEqualTo("2026-11-22T00:03:00.000Z");
    assertThat(policy.path("conditions").toString())
        .contains("[\"content-length-range\",17,17]", "{\"bucket\":\"sigv4examplebucket\"}");
    fields.forEach(
        (name, value) -> {
          if (!name.equals("policy") && !name.equals("x-amz-signature")) {
            assertThat(policy.path("conditions").valueStream())
                .anySatisfy(c -> assertThat(c.path(name).asString("")).isEqualTo(value));
          }
        });
  }

  @Test
  void secretIsNotSaid() {
    assertThat(POLICY.toString()).doesNotContain(KEY.secret());
  }
}
