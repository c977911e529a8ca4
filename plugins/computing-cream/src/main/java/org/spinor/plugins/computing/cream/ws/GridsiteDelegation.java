package org.spinor.plugins.computing.cream.ws;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.HttpsService;
import org.spinor.plugins.grid.ProxyDelegations;
import org.spinor.plugins.grid.Xml;
import org.spinor.plugins.grid.pki.PemCredential;
import org.spinor.plugins.grid.pki.Proxies;
import org.w3c.dom.Element;

/**
 * The delegation service beside CREAM (GridSite's, version 2). It makes a key and a request for a
 * certificate, which the server signs; the number is the client's choice. What CREAM puts into the
 * place of a proxy it also brings to the jobs that have it.
 */
public final class GridsiteDelegation implements ProxyDelegations {
  /** Where the service is, behind host and port. */
  public static final String PATH = "/ce-cream/services/gridsite-delegation";

  static final String NAMESPACE = "http://www.gridsite.org/namespaces/delegation-2";

  private final Soap soap;

  public GridsiteDelegation(HttpsService http) {
    this.soap = new Soap(http, PATH, NAMESPACE, NAMESPACE + "/");
  }

  @Override
  public String create(PemCredential signer, Instant now, Deadline deadline) {
    byte[] random = new byte[10];
    RandomGenerator.getDefault().nextBytes(random);
    String id = "spinor-" + HexFormat.of().formatHex(random);
    complete("getProxyReq", id, signer, now, deadline);
    return id;
  }

  @Override
  public void renew(String id, PemCredential signer, Instant now, Deadline deadline) {
    complete("renewProxyReq", id, signer, now, deadline);
  }

  private void complete(
      String operation, String id, PemCredential signer, Instant now, Deadline deadline) {
    try {
      Element asked = soap.call(operation, operation, named(id), deadline);
      String proxy = Proxies.sign(signer, Xml.text(asked, operation + "Return"), now);
      String content = named(id) + "<proxy>" + Xml.escaped(proxy) + "</proxy>";
      soap.call("putProxy", "putProxy", content, deadline);
    } catch (SoapFault fault) {
      throw fault.told();
    }
  }

  @Override
  public Optional<Instant> expires(String id, Deadline deadline) {
    try {
      Element answer = soap.call("getTerminationTime", "getTerminationTime", named(id), deadline);
      return Optional.of(
          OffsetDateTime.parse(Xml.text(answer, "getTerminationTimeReturn")).toInstant());
    } catch (SoapFault | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The parts of its messages have no namespace: it is of the RPC style. */
  private static String named(String id) {
    return "<delegationID>" + Xml.escaped(id) + "</delegationID>";
  }
}
