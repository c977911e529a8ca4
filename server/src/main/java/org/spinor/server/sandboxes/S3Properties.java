package org.spinor.server.sandboxes;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An S3 store for sandboxes; all servers of an installation have the same.
 *
 * @param endpoint how the server reaches the store, {@code https://s3.example.org}; none: sandboxes
 *     are kept in the data folder
 * @param publicEndpoint how users and pilots reach it; none: as the server does
 * @param region the region that stands in signatures
 * @param bucket none: the one of the sandboxes' names ({@link SandboxProperties#bucket})
 * @param pathStyle {@code https://endpoint/bucket}; false: {@code https://bucket.endpoint}
 * @param prefix goes before all names of objects; {@code /} is added to its end
 * @param createBucket whether the server may make the bucket where it is missing
 * @param credentials file with the key's id in its first line and the secret in the second; none:
 *     {@code secrets/sandboxes-s3} in the data folder
 * @param keyId with {@code secret}, instead of the file
 */
@ConfigurationProperties("spinor.sandboxes.s3")
record S3Properties(
    @Nullable URI endpoint,
    @Nullable URI publicEndpoint,
    @DefaultValue("us-east-1") String region,
    @Nullable String bucket,
    @DefaultValue("true") boolean pathStyle,
    @DefaultValue("") String prefix,
    @DefaultValue("false") boolean createBucket,
    @Nullable Path credentials,
    @Nullable String keyId,
    @Nullable String secret) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.\\-]{1,61}[a-z0-9]");
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9\\-]+");
  private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9_.\\-]+/)*");
  private static final String NAME = "SPINOR_SANDBOXES_S3_";

  S3Properties {
    prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    List<String> problems = new ArrayList<>();
    if (endpoint == null
        && Stream.of(publicEndpoint, bucket, credentials, keyId, secret)
            .anyMatch(Objects::nonNull)) {
      problems.add(NAME + "ENDPOINT is missing; without it no other setting of S3 has a meaning");
    }
    check(endpoint, "ENDPOINT", problems);
    check(publicEndpoint, "PUBLICENDPOINT", problems);
    if (bucket != null && !BUCKET.matcher(bucket).matches()) {
      problems.add(NAME + "BUCKET: '" + bucket + "'; expected 3 to 63 of a-z 0-9 . -");
    }
    if (!REGION.matcher(region).matches()) {
      problems.add(NAME + "REGION: '" + region + "'; expected a name as us-east-1");
    }
    if (!PREFIX.matcher(prefix).matches()) {
      problems.add(
          NAME + "PREFIX: '" + prefix + "'; expected names with / between, as spinor/prod");
    }
    if ((keyId == null) != (secret == null)) {
      problems.add(
          NAME + (keyId == null ? "KEYID" : "SECRET") + " is missing beside the other half");
    }
    if (!problems.isEmpty()) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID, "the settings of the S3 store do not fit", problems);
    }
  }

  private static void check(@Nullable URI address, String setting, List<String> problems) {
    if (address != null
        && (address.getHost() == null
            || !("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
            || !address.getRawPath().matches("/?")
            || address.getRawQuery() != null
            || address.getRawUserInfo() != null)) {
      problems.add(NAME + setting + ": expected an address as https://s3.example.org:9000");
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "S3Properties[endpoint=" + endpoint + ", bucket=" + bucket + "]";
  }
}
