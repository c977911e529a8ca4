package org.spinor.plugins.testbed.boinc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The project's web server: {@code submit_rpc_handler.php}, {@code job_file.php}, {@code
 * get_output.php}. Strict about what it takes, and as careless as the real one about what it gives:
 * errors leave elements open, aborted jobs stand in tags.
 */
public final class BoincProject implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final WorkUnits units;
  private final Operations operations;

  /**
   * @param units what the project has
   * @param app the short name of its only application
   * @param authenticator of its only account that may submit
   */
  public BoincProject(WorkUnits units, String app, String authenticator) throws IOException {
    this.units = units;
    this.operations = new Operations(units, app, authenticator);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/project/submit_rpc_handler.php", exchange -> answer(exchange, false));
    server.createContext("/project/job_file.php", exchange -> answer(exchange, true));
    server.createContext("/project/get_output.php", this::output);
    server.start();
  }

  /** Its address, as clients are told. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/project/");
  }

  private void answer(HttpExchange exchange, boolean files) throws IOException {
    StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n");
    try {
      Form form = Form.read(exchange);
      Request request = Request.parse(form.text("request"));
      text.append('<').append(request.name()).append(">\n");
      text.append(files ? operations.files(request, form) : operations.rpc(request));
      text.append("</").append(request.name()).append(">\n");
    } catch (RpcException e) {
      text.append("<error>\n    <error_num>-1</error_num>\n    <error_msg>")
          .append(e.getMessage())
          .append("</error_msg>\n</error>\n");
    }
    send(exchange, "text/xml", text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void output(HttpExchange exchange) throws IOException {
    Map<String, String> asked = new HashMap<>();
    for (String pair : String.valueOf(exchange.getRequestURI().getRawQuery()).split("&")) {
      String[] parts = pair.split("=", 2);
      asked.put(
          parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    byte[] bytes;
    try {
      bytes = operations.output(asked);
    } catch (RpcException e) {
      bytes = ("ERROR: " + e.getMessage()).getBytes(StandardCharsets.UTF_8);
    }
    send(exchange, "application/octet-stream", bytes);
  }

  private static void send(HttpExchange exchange, String type, byte[] bytes) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      units.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
