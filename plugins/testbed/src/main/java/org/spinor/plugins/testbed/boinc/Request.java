package org.spinor.plugins.testbed.boinc;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** A request, read strictly: elements that the operation does not have are an error. */
record Request(Element root) {
  static Request parse(String text) {
    try {
      return new Request(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(text)))
              .getDocumentElement());
    } catch (Exception e) {
      throw new RpcException("can't parse request message", e);
    }
  }

  String name() {
    return root.getTagName();
  }

  /** Refuses children of other names. */
  Request only(String... names) {
    Set<String> allowed = Stream.of(names).collect(Collectors.toSet());
    for (Request child : children()) {
      if (!allowed.contains(child.name())) {
        throw new RpcException("unexpected <" + child.name() + "> in <" + name() + ">");
      }
    }
    return this;
  }

  List<Request> children() {
    List<Request> children = new ArrayList<>();
    for (Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        children.add(new Request(element));
      }
    }
    return children;
  }

  List<Request> children(String name) {
    return children().stream().filter(child -> child.name().equals(name)).toList();
  }

  /** The only child of this name. */
  Request child(String name) {
    List<Request> all = children(name);
    if (all.size() != 1) {
      throw new RpcException(all.size() + " <" + name + "> in <" + name() + ">, expected 1");
    }
    return all.getFirst();
  }

  String text(String name) {
    return child(name).text();
  }

  String text() {
    String text = root.getTextContent();
    return text == null ? "" : text.strip();
  }
}
