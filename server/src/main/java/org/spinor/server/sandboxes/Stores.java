package org.spinor.server.sandboxes;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.DataFolder;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The stores of this server: new sandboxes go into the configured one, others stay readable where
 * they are.
 */
@Component
final class Stores implements DisposableBean {
  private final Map<String, SandboxStore> all = new TreeMap<>();
  private final LocalStore local;
  private final SandboxStore current;

  @Autowired
  Stores(
      LocalStore local,
      SandboxProperties properties,
      S3Properties s3,
      DataFolder data,
      Clock clock) {
    this.local = local;
    all.put(local.id(), local);
    URI endpoint = s3.endpoint();
    if (endpoint == null) {
      current = local;
      return;
    }
    S3Key key = S3Key.of(s3, data.path().resolve("secrets").resolve("sandboxes-s3"));
    String bucket = s3.bucket() == null ? properties.bucket() : s3.bucket();
    current = new S3Store(s3, endpoint, bucket, key, clock);
    all.put(current.id(), current);
  }

  /** Those of a test. */
  Stores(LocalStore local, SandboxStore current) {
    this.local = local;
    this.current = current;
    all.put(local.id(), local);
    all.put(current.id(), current);
  }

  /** The one of the data folder. */
  LocalStore local() {
    return local;
  }

  /** The one for new sandboxes. */
  SandboxStore current() {
    return current;
  }

  List<SandboxStore> all() {
    return List.copyOf(all.values());
  }

  /**
   * The one of a row.
   *
   * @throws SpinorException UNAVAILABLE: this server was started without it
   */
  SandboxStore of(String id) {
    SandboxStore store = all.get(id);
    if (store == null) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE,
          "this sandbox is in a store that this server is not configured for (%s); its operator has to give it SPINOR_SANDBOXES_S3_ENDPOINT back"
              .formatted(id));
    }
    return store;
  }

  @Override
  public void destroy() throws Exception {
    for (SandboxStore store : all.values()) {
      if (store instanceof AutoCloseable open) {
        open.close();
      }
    }
  }
}
