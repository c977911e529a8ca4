package org.spinor.client;

import java.util.List;
import java.util.Map;
import org.spinor.api.SiteInfo;
import org.spinor.api.SiteTest;
import org.spinor.api.SiteTestRequest;

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

  /** Begins to test the queues of a site: one test for each. */
  public List<SiteTest> test(String name, SiteTestRequest request) {
    String path = "/api/sites/" + AddressPart.encoded(name) + "/tests";
    return List.of(Json.read(transport.json("POST", path, request).body(), SiteTest[].class));
  }

  /** A test, as far as it has come. */
  public SiteTest test(String name, long id) {
    String path = "/api/sites/" + AddressPart.encoded(name) + "/tests/" + id;
    return Json.read(transport.json("GET", path, null).body(), SiteTest.class);
  }

  private SiteInfo change(String name, String action, String reason) {
    String path = "/api/sites/" + AddressPart.encoded(name) + "/" + action;
    return Json.read(transport.json("POST", path, Map.of("reason", reason)).body(), SiteInfo.class);
  }
}
