package org.spinor.server.provisioning;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.TokenBroker;

/** Gives tokens that say what they are for, or fails for a VO as a test says. */
public final class FakeBroker implements TokenBroker {
  public final List<Order> orders = new CopyOnWriteArrayList<>();
  public final Map<String, BrokerException.Remedy> failing = new ConcurrentHashMap<>();

  @Override
  public OutsideToken token(Order order) {
    orders.add(order);
    BrokerException.Remedy remedy = failing.get(order.vo());
    if (remedy != null) {
      throw new BrokerException(remedy, "VO " + order.vo() + ": no token");
    }
    return new OutsideToken(
        order.vo() + " " + String.join(" ", order.scopes()), Instant.parse("2050-01-01T00:00:00Z"));
  }

  @Override
  public OutsideToken exchange(Order order, String subjectToken) {
    throw new UnsupportedOperationException("provisioning acts for VOs, not for people");
  }
}
