package org.spinor.plugins.computing.cream;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.spinor.plugins.grid.Access;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.HttpsService;
import org.spinor.plugins.grid.HttpsService.Request;

/** The web folder through which files of pilots pass: one with what it starts with, two outputs. */
final class Store implements AutoCloseable {
  private static final String SCRIPT = ".sh";
  private static final String OUT = ".out";
  private static final String ERR = ".err";

  private final HttpsService http;

  Store(CreamSettings.Service service, Access access) {
    this.http =
        new HttpsService(
            service.folder(),
            access,
            "a folder that takes files (SandboxURL), or the file is gone");
  }

  /** Where the file lies that a job starts with. */
  static String url(CreamSettings.Service service, String name) {
    return service.folder() + "/" + name + SCRIPT;
  }

  static String outUrl(String url) {
    return url.substring(0, url.length() - SCRIPT.length()) + OUT;
  }

  static String errUrl(String url) {
    return url.substring(0, url.length() - SCRIPT.length()) + ERR;
  }

  void put(String name, String script, Deadline deadline) {
    http.ask(
        new Request("PUT", "/" + name + SCRIPT, "application/octet-stream", script, "*/*"),
        deadline);
  }

  /** The two outputs of an ended pilot; empty where there is none. */
  List<byte[]> outputs(String name, Deadline deadline) {
    return List.of(get(name + OUT, deadline), get(name + ERR, deadline));
  }

  private byte[] get(String file, Deadline deadline) {
    Request request = new Request("GET", "/" + file, "", "", "*/*");
    HttpResponse<byte[]> answer = http.send(request, deadline);
    if (answer.statusCode() == 404 || answer.statusCode() == 410) {
      return new byte[0];
    }
    if (answer.statusCode() != 200) {
      throw http.refusal(request, answer.statusCode());
    }
    return answer.body();
  }

  /** Removes what there is of a pilot's files. */
  void remove(String name, Deadline deadline) {
    for (String suffix : List.of(SCRIPT, OUT, ERR)) {
      Request request = new Request("DELETE", "/" + name + suffix, "", "", "*/*");
      int code = http.send(request, deadline).statusCode();
      if (code / 100 != 2 && code != 404 && code != 410) {
        throw http.refusal(request, code);
      }
    }
  }

  /** The end of a text; its first letter may be cut off. */
  static String end(byte[] text, int maxBytes) {
    int start = Math.max(0, text.length - maxBytes);
    return new String(text, start, text.length - start, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}
