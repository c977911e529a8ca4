package org.spinor.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.spinor.api.SiteInfo;

/** The calls about sites. */
public final class Sites {
  private final Transport transport;

  Sites(Transport transport) {
    this.transport = transport;
  }

  public List<SiteInfo> list() {
    return List.of(Json.read(transport.json("GET", "/api/sites", null).body(), SiteInfo[].class));
  }

  /** No job is matched to the site any more, no pilot sent there. */
  public SiteInfo ban(String name, String reason) {
    return change(name, "ban", reason);
  }

  public SiteInfo allow(String name, String reason) {
    return change(name, "allow", reason);
  }

  private SiteInfo change(String name, String action, String reason) {
    String site = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    String path = "/api/sites/" + site + "/" + action;
    return Json.read(transport.json("POST", path, Map.of("reason", reason)).body(), SiteInfo.class);
  }
}
