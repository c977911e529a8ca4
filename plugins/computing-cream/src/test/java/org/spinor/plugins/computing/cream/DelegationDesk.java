package org.spinor.plugins.computing.cream;

import java.io.IOException;
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.spinor.plugins.grid.Xml;
import org.spinor.plugins.grid.pki.PemCredential;
import org.w3c.dom.Element;

/** The delegation service of the stand-in: it makes keys, and takes proxies for them alone. */
final class DelegationDesk {
  private final Map<String, KeyPair> asked = new ConcurrentHashMap<>();
  private final Map<String, PemCredential> proxies = new ConcurrentHashMap<>();

  boolean has(String id) {
    return proxies.containsKey(id);
  }

  List<String> ids() {
    return List.copyOf(proxies.keySet());
  }

  void forget(String id) {
    proxies.remove(id);
  }

  Instant expires(String id) {
    return credential(id).expires();
  }

  String proxy(String id) {
    return credential(id).toPem();
  }

  private PemCredential credential(String id) {
    PemCredential credential = proxies.get(id);
    if (credential == null) {
      throw new Messages.Wrong("no delegation " + id);
    }
    return credential;
  }

  String answer(String operation, Element request) {
    List<Element> named = Xml.children(request, "delegationID");
    Messages.require(
        named.size() == 1 && named.getFirst().getNamespaceURI() == null, "delegationID");
    String id = named.getFirst().getTextContent();
    return switch (operation) {
      case "getProxyReq" ->
          has(id) ? fault(id + " already exists!") : response(operation, request(id));
      case "renewProxyReq" -> has(id) ? response(operation, request(id)) : fault(id + " not found");
      case "getTerminationTime" ->
          has(id) ? response(operation, expires(id).toString()) : fault(id + " not found");
      case "putProxy" -> put(id, Xml.text(request, "proxy"));
      default -> throw new Messages.Wrong("operation " + operation);
    };
  }

  private String request(String id) {
    KeyPair keys = TestGrid.keys();
    asked.put(id, keys);
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(
          new JcaPKCS10CertificationRequestBuilder(
                  new X500Principal("CN=Robot, O=Grid"), keys.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  private String put(String id, String pem) {
    KeyPair keys = asked.remove(id);
    try {
      List<X509Certificate> chain = PemCredential.certificates(pem);
      if (keys == null || !chain.getFirst().getPublicKey().equals(keys.getPublic())) {
        return fault("the proxy is not of the key that was asked for");
      }
      proxies.put(id, new PemCredential(keys.getPrivate(), chain));
      return Messages.envelope(
          "<d:putProxyResponse xmlns:d=\"" + Messages.DELEGATION + "\"></d:putProxyResponse>");
    } catch (IOException | CertificateException e) {
      return fault("no proxy");
    }
  }

  private static String response(String operation, String content) {
    return Messages.envelope(
        "<d:"
            + (operation + "Response xmlns:d=\"" + Messages.DELEGATION + "\"><")
            + (operation + "Return>" + content + "</" + operation + "Return></d:")
            + (operation + "Response>"));
  }

  private static String fault(String message) {
    return Messages.fault(
        "<d:DelegationException xmlns:d=\""
            + Messages.DELEGATION
            + "\"><msg>"
            + Xml.escaped(message)
            + "</msg></d:DelegationException>");
  }
}
