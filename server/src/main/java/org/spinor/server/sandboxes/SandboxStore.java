package org.spinor.server.sandboxes;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Keeps bytes. They go in and out by addresses that are good for a while, without a token. */
interface SandboxStore {
  /** How long an address is good. */
  Duration ADDRESS_LIFE = Duration.ofSeconds(300);

  /**
   * Where to send bytes: a multipart POST with the fields first and the part {@code file} last.
   *
   * @param url absolute
   */
  record UploadAddress(String url, Map<String, String> fields) {
    public UploadAddress {
      fields = Map.copyOf(fields);
    }
  }

  /**
   * @param server how the caller reaches this server
   */
  UploadAddress upload(SandboxName name, Blob blob, URI server);

  /** Where to get the bytes: a GET that does not redirect. */
  String download(SandboxName name, URI server);

  /** Removes bytes; those that are not there do no harm. */
  void delete(Blob blob);
}
