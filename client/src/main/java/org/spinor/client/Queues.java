package org.spinor.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spinor.api.QueueInfo;

/** The calls about queues. */
public final class Queues {
  private final Transport transport;

  Queues(Transport transport) {
    this.transport = transport;
  }

  /**
   * Why pilots are sent to queues, or are not.
   *
   * @param site only of this site; null: all
   * @param ce only of this computing element; null: all
   * @param queue only of this name; null: all
   */
  public List<QueueInfo> list(@Nullable String site, @Nullable String ce, @Nullable String queue) {
    List<String> asked = new ArrayList<>();
    add(asked, "site", site);
    add(asked, "ce", ce);
    add(asked, "queue", queue);
    String path = "/api/queues" + (asked.isEmpty() ? "" : "?" + String.join("&", asked));
    return List.of(Json.read(transport.json("GET", path, null).body(), QueueInfo[].class));
  }

  private static void add(List<String> asked, String name, @Nullable String value) {
    if (value != null) {
      asked.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }
}
