package org.spinor.plugins.testbed.boinc;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The fields of a POST, of a plain form or of one with files. */
record Form(Map<String, byte[]> fields) {
  static Form read(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      throw new RpcException("not a POST");
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
    if (type.equals("application/x-www-form-urlencoded")) {
      return plain(new String(body, StandardCharsets.UTF_8));
    }
    String multipart = "multipart/form-data; boundary=";
    if (!type.startsWith(multipart)) {
      throw new RpcException("no form: " + type);
    }
    return multipart(body, type.substring(multipart.length()));
  }

  private static Form plain(String body) {
    Map<String, byte[]> fields = new HashMap<>();
    for (String pair : body.split("&")) {
      String[] parts = pair.split("=", 2);
      fields.put(
          parts[0],
          URLDecoder.decode(parts[1], StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    }
    return new Form(fields);
  }

  private static Form multipart(byte[] body, String boundary) {
    // One character for each byte, so that places in the text are places in the bytes.
    String all = new String(body, StandardCharsets.ISO_8859_1);
    Map<String, byte[]> fields = new HashMap<>();
    String[] parts = ("\r\n" + all).split("\r\n--" + boundary, -1);
    for (String part : parts) {
      int end = part.indexOf("\r\n\r\n");
      if (end < 0) {
        continue;
      }
      String head = part.substring(0, end);
      int from = head.indexOf("name=\"") + 6;
      String name = head.substring(from, head.indexOf('"', from));
      fields.put(name, part.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1));
    }
    return new Form(fields);
  }

  byte[] bytes(String name) {
    byte[] bytes = fields.get(name);
    if (bytes == null) {
      throw new RpcException("no field " + name);
    }
    return bytes;
  }

  String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }
}
