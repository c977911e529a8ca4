package org.spinor.plugins.computing.cream.ws;

import java.net.http.HttpResponse;
import java.util.List;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.HttpsService;
import org.spinor.plugins.grid.HttpsService.Request;
import org.spinor.plugins.grid.Xml;
import org.spinor.spi.TemporaryException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** One service behind SOAP 1.1: an envelope goes there, and an element comes back, or a fault. */
final class Soap {
  static final String ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";

  private final HttpsService http;
  private final String path;
  private final String namespace;
  private final String actions;

  /**
   * @param namespace of requests and responses
   * @param actions what the name of an operation is put behind for {@code SOAPAction}
   */
  Soap(HttpsService http, String path, String namespace, String actions) {
    this.http = http;
    this.path = path;
    this.namespace = namespace;
    this.actions = actions;
  }

  /**
   * Asks.
   *
   * @param request local name of the request's element
   * @param content in it, with the prefix {@code m} for the namespace
   * @return the response's element, as {@code JobListResponse}
   * @throws SoapFault the service says no
   * @throws TemporaryException what came is no such response
   */
  Element call(String operation, String request, String content, Deadline deadline) {
    String body =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\""
            + ENVELOPE
            + "\" xmlns:m=\""
            + namespace
            + "\"><soap:Body><m:"
            + request
            + ">"
            + content
            + "</m:"
            + request
            + "></soap:Body></soap:Envelope>";
    Request post = new Request("POST", path, "text/xml; charset=utf-8", body, "text/xml");
    HttpResponse<byte[]> answer =
        http.send(post, deadline, "SOAPAction", "\"" + actions + operation + "\"");
    int code = answer.statusCode();
    // SOAP over HTTP answers faults with 500.
    if (code != 200 && !(code == 500 && isXml(answer))) {
      throw http.refusal(post, code);
    }
    Element answered = content(answer.body());
    if (is(answered, ENVELOPE, "Fault")) {
      throw SoapFault.of(http.title() + " " + operation, answered);
    }
    String expected = operation + "Response";
    if (code != 200 || !is(answered, namespace, expected)) {
      throw new TemporaryException(
          http.title()
              + " answers {"
              + answered.getNamespaceURI()
              + "}"
              + answered.getLocalName()
              + " and not "
              + expected);
    }
    return answered;
  }

  private static boolean isXml(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("Content-Type").orElse("").contains("xml");
  }

  private Element content(byte[] text) {
    Element envelope = Xml.parse(text, "Envelope");
    List<Element> bodies = Xml.children(envelope, "Body");
    if (!is(envelope, ENVELOPE, "Envelope")
        || bodies.size() != 1
        || !is(bodies.getFirst(), ENVELOPE, "Body")) {
      throw new TemporaryException(http.title() + " answers with no message of SOAP 1.1");
    }
    for (Node node = bodies.getFirst().getFirstChild();
        node != null;
        node = node.getNextSibling()) {
      if (node instanceof Element element) {
        return element;
      }
    }
    throw new TemporaryException(http.title() + " answers with an empty message");
  }

  private static boolean is(Element element, String namespace, String name) {
    return namespace.equals(element.getNamespaceURI()) && name.equals(element.getLocalName());
  }
}
