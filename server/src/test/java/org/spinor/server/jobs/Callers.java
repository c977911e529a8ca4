package org.spinor.server.jobs;

import java.util.Optional;
import java.util.Set;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.server.identity.Caller;

/** Callers as the identity room would make them. */
public final class Callers {
  private Callers() {}

  public static Caller user(String name) {
    return person("vo", name, "user", Caller.Reach.OWN);
  }

  public static Caller administrator() {
    return person("vo", "admin", "admin", Caller.Reach.VO);
  }

  public static Caller person(String vo, String name, String group, Caller.Reach reach) {
    return new Caller(
        vo + ":" + name,
        name,
        vo,
        group,
        Set.of(reach == Caller.Reach.OWN ? "NormalUser" : "JobAdministrator"),
        reach,
        Optional.empty(),
        Optional.empty());
  }

  public static Caller payload(long jobId, int attempt) {
    return new Caller(
        "vo:alice",
        "alice",
        "vo",
        "user",
        Set.of(),
        Caller.Reach.OWN,
        Optional.of("pilot1"),
        Optional.of(new AttemptId(new JobId(jobId), attempt)));
  }
}
