package org.spinor.server.identity.providers;

import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;

/** What identity providers publish about themselves (OpenID Connect Discovery 1.0). */
public final class ProviderDocuments {
  private ProviderDocuments() {}

  /**
   * @param url the issuer; a slash at the end does not count
   * @throws IOException it does not answer, or not as this issuer
   */
  public static OIDCProviderMetadata fetch(ResourceRetriever retriever, String url)
      throws IOException {
    String plain = withoutSlash(url);
    try {
      OIDCProviderMetadata metadata =
          OIDCProviderMetadata.parse(
              retriever
                  .retrieveResource(URI.create(plain + "/.well-known/openid-configuration").toURL())
                  .getContent());
      if (!withoutSlash(metadata.getIssuer().getValue()).equals(plain)) {
        throw new IOException("its document names another issuer, " + metadata.getIssuer());
      }
      return metadata;
    } catch (ParseException | IllegalArgumentException e) {
      throw new IOException("its document cannot be read: " + e.getMessage(), e);
    }
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
