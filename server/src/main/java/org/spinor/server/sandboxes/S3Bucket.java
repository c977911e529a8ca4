package org.spinor.server.sandboxes;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Looks once whether the bucket is there and ours, and makes it where that is allowed. */
final class S3Bucket {
  private static final Logger log = LoggerFactory.getLogger(S3Bucket.class);
  private static final String NAME = "SPINOR_SANDBOXES_S3_";

  /** The store does not answer, or has troubles of its own: a matter of time, not of settings. */
  static final class Away extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Away(SdkException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private final S3Client client;
  private final String bucket;
  private final S3Properties settings;
  private volatile boolean found;

  S3Bucket(S3Client client, String bucket, S3Properties settings) {
    this.client = client;
    this.bucket = bucket;
    this.settings = settings;
  }

  /**
   * Asks until the bucket was found once.
   *
   * @throws Away no answer
   * @throws SpinorException CONFIGURATION_INVALID: which setting does not fit, and what to do
   */
  void good() {
    if (found) {
      return;
    }
    try {
      look();
      found = true;
    } catch (SdkClientException e) {
      throw new Away(e);
    } catch (S3Exception e) {
      if (e.statusCode() >= 500 || e.isThrottlingException()) {
        throw new Away(e);
      }
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID, "the S3 store %s: %s".formatted(place(), remedy(e)));
    }
  }

  /** By a list, for its refusals say why; those of a HEAD have no body. */
  private void look() {
    try {
      client.listObjectsV2(list -> list.bucket(bucket).prefix(settings.prefix()).maxKeys(1));
    } catch (S3Exception e) {
      if (!settings.createBucket() || !"NoSuchBucket".equals(code(e))) {
        throw e;
      }
      make();
    }
  }

  private void make() {
    CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(bucket);
    // The first region has no name here, says Amazon's reference of CreateBucket.
    if (!settings.region().equals("us-east-1")) {
      request.createBucketConfiguration(c -> c.locationConstraint(settings.region()));
    }
    try {
      client.createBucket(request.build());
      log.info("made the bucket {}", bucket);
    } catch (BucketAlreadyOwnedByYouException e) {
      // another server of this installation was quicker
    }
  }

  private String place() {
    return settings.endpoint() + " (" + NAME + "ENDPOINT)";
  }

  private String remedy(S3Exception e) {
    String said =
        e.awsErrorDetails() == null ? code(e) : code(e) + ", " + e.awsErrorDetails().errorMessage();
    return switch (code(e)) {
      case "NoSuchBucket" ->
          "it has no bucket '%s' (%sBUCKET). Make it, or let the server do so with %sCREATEBUCKET=true"
              .formatted(bucket, NAME, NAME);
      case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
          "it does not take the key (%s). Check %sKEYID and %sSECRET, or the file secrets/sandboxes-s3"
              .formatted(said, NAME, NAME);
      case "AccessDenied", "AllAccessDisabled" ->
          "the key may not use the bucket '%s' (%s). It needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject there"
              .formatted(bucket, said);
      case "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "IllegalLocationConstraintException" ->
          "it serves another region than %s (%s). Check %sREGION and %sENDPOINT"
              .formatted(settings.region(), said, NAME, NAME);
      case "RequestTimeTooSkewed" -> "the clocks differ (%s). Set this host's".formatted(said);
      default ->
          "unexpected answer %d (%s). Is it an S3 store, and %sPATHSTYLE=%s right?"
              .formatted(e.statusCode(), said, NAME, settings.pathStyle());
    };
  }

  private static String code(S3Exception e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null ? "no code" : code;
  }
}
