package org.spinor.plugins.grid;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.TemporaryException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** XML of strangers: no document types, no entities, nothing fetched. Prefixes are ignored. */
public final class Xml {
  private static final int SAMPLE = 100;

  private Xml() {}

  /**
   * The outermost element.
   *
   * @param roots the names that it may have
   * @throws TemporaryException it is something else: cut off, or from a machine between
   */
  public static Element parse(byte[] text, String... roots) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new Silence());
      Element element = builder.parse(new ByteArrayInputStream(text)).getDocumentElement();
      if (!List.of(roots).contains(element.getLocalName())) {
        throw new TemporaryException(
            "the answer is <" + element.getLocalName() + "> and not <" + roots[0] + ">");
      }
      return element;
    } catch (SAXException | IOException e) {
      throw new TemporaryException("the answer is no XML, or was cut off: " + sample(text), e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sample(byte[] text) {
    String all = new String(text, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    return all.length() <= SAMPLE ? all : all.substring(0, SAMPLE) + "...";
  }

  /** Children of this name, in their order. */
  public static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && name.equals(element.getLocalName())) {
        children.add(element);
      }
    }
    return children;
  }

  /** Elements of this name at any depth. */
  public static List<Element> descendants(Element ancestor, String name) {
    NodeList nodes = ancestor.getElementsByTagNameNS("*", name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** The text of the first child of this name; empty where there is none. */
  public static String text(Element parent, String name) {
    List<Element> children = children(parent, name);
    @Nullable String text = children.isEmpty() ? null : children.getFirst().getTextContent();
    return text == null ? "" : text.strip();
  }

  /** Text as it stands in an element or attribute. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("\t", "&#9;")
        .replace("\r", "&#13;");
  }

  /** The parser would write to the server's error output. */
  private static final class Silence implements ErrorHandler {
    @Override
    public void warning(SAXParseException exception) {}

    @Override
    public void error(SAXParseException exception) {}

    @Override
    public void fatalError(SAXParseException exception) throws SAXException {
      throw exception;
    }
  }
}
