package org.spinor.plugins.computing.arc.rest;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.HttpsService.Request;
import org.spinor.plugins.grid.ProxyDelegations;
import org.spinor.plugins.grid.pki.PemCredential;
import org.spinor.plugins.grid.pki.Proxies;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;

/**
 * Credentials left with the service for the use of jobs: proxies (the service makes a key and a
 * request, the client signs it), and with version 1.1 tokens.
 */
public final class Delegations implements ProxyDelegations {
  private static final String PEM = "application/x-pem-file";

  private final ArcRest rest;

  public Delegations(ArcRest rest) {
    this.rest = rest;
  }

  /** Numbers of the account's delegations with their type, as {@code x509}; empty: not told. */
  public Map<String, String> all(Deadline deadline) {
    return Answers.delegations(
        rest.http().ask(Request.get(rest.path("/delegations", deadline)), deadline).body());
  }

  @Override
  public Optional<Instant> expires(String id, Deadline deadline) {
    HttpResponse<byte[]> answer =
        rest.http().send(Request.post(one(id, "get", deadline), "", ""), deadline);
    if (answer.statusCode() != 200) {
      return Optional.empty();
    }
    try {
      return PemCredential.certificates(new String(answer.body(), StandardCharsets.ISO_8859_1))
          .stream()
          .map(X509Certificate::getNotAfter)
          .map(java.util.Date::toInstant)
          .min(Comparator.naturalOrder());
    } catch (IOException | CertificateException e) {
      return Optional.empty();
    }
  }

  @Override
  public String create(PemCredential signer, Instant now, Deadline deadline) {
    HttpResponse<byte[]> answer =
        rest.http()
            .ask(Request.post(rest.path("/delegations?action=new", deadline), "", ""), deadline);
    String id = number(answer);
    complete(id, signer, answer.body(), now, deadline);
    return id;
  }

  @Override
  public void renew(String id, PemCredential signer, Instant now, Deadline deadline) {
    HttpResponse<byte[]> answer =
        rest.http().ask(Request.post(one(id, "renew", deadline), "", ""), deadline);
    complete(id, signer, answer.body(), now, deadline);
  }

  private void complete(
      String id, PemCredential signer, byte[] request, Instant now, Deadline deadline) {
    String proxy = Proxies.sign(signer, new String(request, StandardCharsets.ISO_8859_1), now);
    rest.http()
        .ask(
            Request.put(rest.path("/delegations/" + ArcRest.encoded(id), deadline), PEM, proxy),
            deadline);
  }

  /**
   * Delegates a token; gives its number.
   *
   * @throws MisconfiguredException the service speaks version 1.0, which cannot
   */
  public String createToken(String token, Deadline deadline) {
    if (rest.version(deadline).equals("1.0")) {
      throw new MisconfiguredException(
          rest.http().title()
              + " speaks REST 1.0, which takes no delegated tokens: set Delegation to None or X509");
    }
    HttpResponse<byte[]> answer =
        rest.http()
            .ask(
                Request.post(rest.path("/delegations?action=new&type=jwt", deadline), "", ""),
                deadline,
                "X-Token-Delegation",
                token);
    return number(answer);
  }

  /** The last word of {@code Location}: some versions put the query before it. */
  private String number(HttpResponse<byte[]> answer) {
    String location = answer.headers().firstValue("Location").orElse("");
    String id = location.substring(location.lastIndexOf('/') + 1);
    if (!id.matches("[A-Za-z0-9_-]{1,100}")) {
      throw new TemporaryException(
          rest.http().title() + " gives no number of a delegation: '" + location + "'");
    }
    return id;
  }

  /** Forgets a delegation. */
  public void delete(String id, Deadline deadline) {
    rest.http().ask(Request.post(one(id, "delete", deadline), "", ""), deadline);
  }

  private String one(String id, String action, Deadline deadline) {
    return rest.path("/delegations/" + ArcRest.encoded(id) + "?action=" + action, deadline);
  }
}
