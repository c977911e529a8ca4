package org.spinor.pilot.link;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** A multipart form: text fields first, then one file under the name {@code file}. */
record MultipartForm(String boundary, BodyPublisher body) {

  static MultipartForm of(Map<String, String> fields, Path file) {
    String boundary = "spinor-" + UUID.randomUUID();
    StringBuilder head = new StringBuilder();
    fields.forEach(
        (name, value) ->
            head.append("--")
                .append(boundary)
                .append("\r\n")
                .append("Content-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
    head.append("--")
        .append(boundary)
        .append("\r\n")
        .append("Content-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n")
        .append("Content-Type: application/octet-stream\r\n\r\n");
    try {
      long size = file.toFile().length();
      byte[] start = head.toString().getBytes(StandardCharsets.UTF_8);
      byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
      BodyPublisher whole =
          BodyPublishers.concat(
              BodyPublishers.ofByteArray(start),
              BodyPublishers.ofFile(file),
              BodyPublishers.ofByteArray(end));
      // A known length: S3 stores refuse chunked forms.
      return new MultipartForm(
          boundary, BodyPublishers.fromPublisher(whole, start.length + size + end.length));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(e);
    }
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }
}
