package org.spinor.edge;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an edge is told.
 *
 * @param server the one server, base address without a path
 * @param listen where it takes requests over the network; empty: nowhere
 * @param spool folder shared with the nodes; empty: none
 * @param state its own folder
 */
public record EdgeSettings(
    URI server, Optional<InetSocketAddress> listen, Optional<Path> spool, Path state) {
  /** The port where none is named. */
  public static final int PORT = 8421;

  /** Reads the words of a command line; what is wrong goes to {@code problems}, all at once. */
  public static Optional<EdgeSettings> read(
      String server, String listen, String spool, Path state, List<String> problems) {
    URI address = server(server, problems);
    Optional<InetSocketAddress> socket =
        listen.isEmpty() ? Optional.empty() : socket(listen, problems);
    if (listen.isEmpty() && spool.isEmpty()) {
      problems.add(
          "nobody could reach this edge: give --listen ADDRESS:PORT of the inner network, or --spool"
              + " FOLDER on a file system that the nodes share, or both");
    }
    return problems.isEmpty()
        ? Optional.of(
            new EdgeSettings(
                address,
                socket,
                spool.isEmpty() ? Optional.empty() : Optional.of(Path.of(spool)),
                state.toAbsolutePath().normalize()))
        : Optional.empty();
  }

  private static URI server(String text, List<String> problems) {
    try {
      URI address = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean plain = address.getRawPath() == null || address.getRawPath().isEmpty();
      if (List.of("http", "https").contains(String.valueOf(address.getScheme()))
          && address.getHost() != null
          && plain) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    problems.add("--server takes an address such as https://host:8000, not '" + text + "'");
    return URI.create("http://none");
  }

  private static Optional<InetSocketAddress> socket(String text, List<String> problems) {
    List<String> parts = new ArrayList<>(List.of(text.split(":(?=[0-9]{1,5}$)", 2)));
    if (text.matches("[0-9]{1,5}")) {
      parts = List.of("", text);
    }
    int port = parts.size() == 2 ? Integer.parseInt(parts.get(1)) : PORT;
    String host = parts.getFirst().replaceAll("^\\[|]$", "");
    if (port > 65_535) {
      problems.add("--listen: there is no port " + port);
      return Optional.empty();
    }
    InetSocketAddress socket =
        host.isEmpty() || host.equals("*")
            ? new InetSocketAddress(port)
            : new InetSocketAddress(host, port);
    if (socket.isUnresolved()) {
      problems.add("--listen: no address is known for '" + host + "'");
    }
    return Optional.of(socket);
  }
}
