package org.spinor.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Words of users in addresses. */
final class AddressPart {
  private AddressPart() {}

  /** As it may stand in a path and in a query: a blank is {@code %20}. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
