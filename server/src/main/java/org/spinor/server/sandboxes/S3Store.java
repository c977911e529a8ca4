package org.spinor.server.sandboxes;

import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Objects in a bucket, one for each owner and content, named as DiracX names them: {@code
 * <vo>/<group>/<user>/sha256:<hex>.<format>}. Bytes go between the store and whoever sends or
 * fetches them; this server only signs, looks and deletes.
 */
final class S3Store implements SandboxStore, AutoCloseable {
  static final String ID = "s3";

  private static final Logger log = LoggerFactory.getLogger(S3Store.class);
  private static final int NOT_FOUND = 404;

  /** What S3 deletes by one request, at most. */
  private static final int DELETED_AT_ONCE = 1000;

  private final S3Properties settings;
  private final String bucket;
  private final S3Client client;
  private final S3Presigner presigner;
  private final PostPolicy policy;
  private final S3Bucket check;
  private final Clock clock;
  private final URI reached;

  /**
   * @param endpoint of the settings
   * @throws SpinorException CONFIGURATION_INVALID: the store answers that it will not work like
   *     this. A store that does not answer is no reason not to start
   */
  S3Store(S3Properties settings, URI endpoint, String bucket, S3Key key, Clock clock) {
    this.settings = settings;
    this.bucket = bucket;
    this.clock = clock;
    this.reached = settings.publicEndpoint() == null ? endpoint : settings.publicEndpoint();
    this.client = S3Clients.client(settings, endpoint, key);
    this.presigner = S3Clients.presigner(settings, reached, key);
    this.policy = new PostPolicy(key, settings.region(), bucket);
    this.check = new S3Bucket(client, bucket, settings);
    try {
      check.good();
    } catch (S3Bucket.Away e) {
      log.warn(
          "the S3 store {} does not answer; asked again when needed: {}", endpoint, e.getMessage());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public UploadAddress upload(SandboxName name, Blob blob, URI server) {
    return new UploadAddress(
        form(), policy.fields(object(name), blob, clock.instant(), ADDRESS_LIFE));
  }

  private String form() {
    if (settings.pathStyle()) {
      return reached.resolve("/" + bucket).toString();
    }
    try {
      String host = bucket + "." + reached.getHost();
      return new URI(reached.getScheme(), null, host, reached.getPort(), "/", null, null)
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("checked at the start: " + reached, e);
    }
  }

  @Override
  public String download(SandboxName name, URI server) {
    return presigner
        .presignGetObject(
            presign ->
                presign
                    .signatureDuration(ADDRESS_LIFE)
                    .getObjectRequest(get -> get.bucket(bucket).key(object(name))))
        .url()
        .toString();
  }

  @Override
  public boolean has(SandboxName name, boolean received) {
    return ask(
        () -> {
          check.good();
          try {
            client.headObject(head -> head.bucket(bucket).key(object(name)));
            return true;
          } catch (S3Exception e) {
            // An answer to HEAD has no body that would tell a missing object from a missing bucket.
            if (e.statusCode() == NOT_FOUND) {
              return false;
            }
            throw e;
          }
        });
  }

  @Override
  public InputStream open(SandboxName name) {
    return ask(() -> client.getObject(get -> get.bucket(bucket).key(object(name))));
  }

  @Override
  public boolean fillsUnseen() {
    return true;
  }

  @Override
  public Set<SandboxName> delete(Collection<SandboxName> names) {
    Map<String, SandboxName> objects = new HashMap<>();
    names.forEach(name -> objects.put(object(name), name));
    List<ObjectIdentifier> all =
        objects.keySet().stream()
            .map(object -> ObjectIdentifier.builder().key(object).build())
            .toList();
    Set<SandboxName> kept = new HashSet<>();
    for (int from = 0; from < all.size(); from += DELETED_AT_ONCE) {
      List<ObjectIdentifier> some = all.subList(from, Math.min(all.size(), from + DELETED_AT_ONCE));
      DeleteObjectsResponse answer =
          ask(
              () ->
                  client.deleteObjects(
                      request -> request.bucket(bucket).delete(d -> d.objects(some).quiet(true))));
      for (S3Error error : answer.errors()) {
        log.warn("not deleted: {} ({} {})", error.key(), error.code(), error.message());
        kept.add(objects.get(error.key()));
      }
    }
    return kept;
  }

  private String object(SandboxName name) {
    return settings.prefix() + name.key();
  }

  /** Whatever goes wrong between the store and us is no fault of the caller's. */
  private static <T> T ask(Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException | SpinorException | S3Bucket.Away e) {
      log.warn("the S3 store of sandboxes: {}", e.getMessage());
      throw new SpinorException(
          ErrorCode.UNAVAILABLE,
          "the store of sandboxes does not answer as it should; try again in a moment");
    }
  }

  @Override
  public void close() {
    client.close();
    presigner.close();
  }
}
