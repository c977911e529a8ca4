package org.spinor.server.sandboxes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

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

  /** How rows call it; never changes. */
  String id();

  /**
   * @param server how the caller reaches this server
   */
  UploadAddress upload(SandboxName name, Blob blob, URI server);

  /** Where to get the bytes: a GET that does not redirect. */
  String download(SandboxName name, URI server);

  /**
   * Whether the owner's bytes are there.
   *
   * @param received what the row says
   * @throws org.spinor.api.SpinorException UNAVAILABLE: the store does not answer
   */
  boolean has(SandboxName name, boolean received);

  /**
   * The bytes.
   *
   * @throws org.spinor.api.SpinorException UNAVAILABLE: the store does not answer
   * @throws IOException they are not there, or cannot be read
   */
  InputStream open(SandboxName name) throws IOException;

  /** Whether bytes come past this server, so that only {@link #has} knows of them. */
  boolean fillsUnseen();

  /**
   * Removes bytes; those that are not there do no harm.
   *
   * @return those that the store would not remove
   * @throws org.spinor.api.SpinorException UNAVAILABLE: the store does not answer
   */
  Set<SandboxName> delete(Collection<SandboxName> names);
}
