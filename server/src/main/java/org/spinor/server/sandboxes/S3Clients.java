package org.spinor.server.sandboxes;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Amazon's library, set so that it works with the stores that communities run (Ceph, MinIO, dCache
 * and others), and knows nothing but our settings: no files of the account, no metadata service.
 */
final class S3Clients {
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** One try; a request that waits for an answer waits no longer. */
  private static final Duration TRY = Duration.ofSeconds(5);

  /** With all tries. */
  private static final Duration CALL = Duration.ofSeconds(12);

  private static final ProfileFile NO_FILES = ProfileFile.aggregator().build();

  private S3Clients() {}

  static S3Client client(S3Properties settings, URI endpoint, S3Key key) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.of(settings.region()))
        .forcePathStyle(settings.pathStyle())
        .credentialsProvider(provider(key))
        .httpClientBuilder(
            UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(TRY))
        .overrideConfiguration(
            override ->
                override
                    .apiCallAttemptTimeout(TRY)
                    .apiCallTimeout(CALL)
                    .retryStrategy(RetryMode.STANDARD)
                    .defaultProfileFile(NO_FILES)
                    .defaultProfileName("none"))
        // Older stores know Content-MD5 only, and none of the newer checksums.
        .addPlugin(LegacyMd5Plugin.create())
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .build();
  }

  /**
   * @param reached how users and pilots reach the store: the host is signed too
   */
  static S3Presigner presigner(S3Properties settings, URI reached, S3Key key) {
    return S3Presigner.builder()
        .endpointOverride(reached)
        .region(Region.of(settings.region()))
        .credentialsProvider(provider(key))
        .serviceConfiguration(
            S3Configuration.builder()
                .pathStyleAccessEnabled(settings.pathStyle())
                .profileFile(() -> NO_FILES)
                .build())
        .build();
  }

  private static AwsCredentialsProvider provider(S3Key key) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(key.id(), key.secret()));
  }
}
