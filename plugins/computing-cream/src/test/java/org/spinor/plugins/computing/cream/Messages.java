package org.spinor.plugins.computing.cream;

import java.io.StringReader;
import java.util.Objects;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.spinor.plugins.grid.Xml;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Reads and writes the envelopes of the stand-in, and holds both sides to the schema. */
final class Messages {
  static final String TYPES = "http://glite.org/2007/11/ce/cream/types";
  static final String DELEGATION = "http://www.gridsite.org/namespaces/delegation-2";
  private static final String ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";
  private static final Schema SCHEMA = schema();

  private Messages() {}

  /** What is wrong with a message; it becomes a fault as of Axis. */
  static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message);
    }
  }

  private static Schema schema() {
    try {
      return SchemaFactory.newDefaultInstance()
          .newSchema(Objects.requireNonNull(Messages.class.getResource("cream2.xsd")));
    } catch (org.xml.sax.SAXException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The element in the body, which must be of this namespace. */
  static Element read(byte[] text, String namespace) {
    Element envelope = Xml.parse(text, "Envelope");
    require(ENVELOPE.equals(envelope.getNamespaceURI()), "the envelope's namespace");
    Element body = Xml.children(envelope, "Body").getFirst();
    require(ENVELOPE.equals(body.getNamespaceURI()), "the body's namespace");
    Node node = body.getFirstChild();
    require(node instanceof Element && node.getNextSibling() == null, "one element in the body");
    Element request = (Element) Objects.requireNonNull(node);
    require(namespace.equals(request.getNamespaceURI()), "the request's namespace");
    return request;
  }

  static void require(boolean good, String what) {
    if (!good) {
      throw new Wrong("wrong: " + what);
    }
  }

  static void validate(Element element) {
    try {
      SCHEMA.newValidator().validate(new DOMSource(element));
    } catch (org.xml.sax.SAXException | java.io.IOException e) {
      throw new Wrong(String.valueOf(e.getMessage()));
    }
  }

  /**
   * @param content with the prefix t
   */
  static String response(String name, String content) {
    String response = "<t:" + name + " xmlns:t=\"" + TYPES + "\">" + content + "</t:" + name + ">";
    try {
      SCHEMA.newValidator().validate(new StreamSource(new StringReader(response)));
    } catch (org.xml.sax.SAXException | java.io.IOException e) {
      throw new IllegalStateException("the stand-in itself is wrong: " + response, e);
    }
    return envelope(response);
  }

  static String envelope(String content) {
    return "<soapenv:Envelope xmlns:soapenv=\""
        + ENVELOPE
        + "\"><soapenv:Body>"
        + content
        + "</soapenv:Body></soapenv:Envelope>";
  }

  /** A fault of a whole request. */
  static String fault(String detail) {
    return envelope(
        "<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>N/A</faultstring><detail>"
            + detail
            + "</detail></soapenv:Fault>");
  }

  /** A fault in CREAM's form, with the prefix t. */
  static String creamFault(String name, String description, String cause) {
    return "<t:"
        + name
        + " xmlns:t=\""
        + TYPES
        + "\"><t:MethodName>m</t:MethodName><t:Timestamp>2015-01-01T00:00:00.000Z</t:Timestamp>"
        + "<t:ErrorCode>0</t:ErrorCode><t:Description>"
        + Xml.escaped(description)
        + "</t:Description><t:FaultCause>"
        + Xml.escaped(cause)
        + "</t:FaultCause></t:"
        + name
        + ">";
  }
}
