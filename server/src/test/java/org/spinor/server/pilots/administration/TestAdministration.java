package org.spinor.server.pilots.administration;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.api.PilotMetadata;
import org.spinor.server.identity.Caller;
import org.springframework.beans.factory.BeanFactory;

/** What people call about pilots, for the tests of all floors. */
public final class TestAdministration {
  private final PilotController pilots;
  private final PilotViewController views;

  public TestAdministration(BeanFactory room) {
    this.pilots = room.getBean(PilotController.class);
    this.views = room.getBean(PilotViewController.class);
  }

  public Map<String, @Nullable Object> show(Caller caller, String stamp) {
    return views.show(caller, stamp);
  }

  public String output(Caller caller, String stamp) {
    return views.output(caller, stamp);
  }

  public void drain(Caller caller, String stamp) {
    views.drain(caller, stamp);
  }

  public void kill(Caller caller, String stamp) {
    views.kill(caller, stamp);
  }

  public void describe(Caller caller, Map<String, PilotMetadata> changes) {
    pilots.updatePilotMetadata(caller, changes);
  }
}
