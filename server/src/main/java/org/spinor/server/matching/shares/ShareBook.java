package org.spinor.server.matching.shares;

import java.util.HashMap;
import java.util.Map;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.matching.usage.UsageTable;

/**
 * Shares as configured, corrected by past usage where the VO wants it (EnableSharesCorrection).
 *
 * <p>The correction of an entity is what it should have had of the usage of its siblings, divided
 * by what it had, within a third and three. Who has used nothing is corrected like everybody: by
 * three, the most there is. Groups are corrected among the groups of their VO that used something,
 * owners among the owners of their group.
 */
public final class ShareBook implements Shares {
  private static final double DEFAULT_SHARE = 1000;
  private static final double MOST_CORRECTION = 3;

  private final Configurations configurations;
  private volatile Usage usage = new Usage(Map.of());

  public ShareBook(Configurations configurations) {
    this.configurations = configurations;
  }

  /** Usage added up along the tree. */
  private static final class Usage {
    final Map<UsageTable.Who, Double> owners;
    final Map<String, Double> groups = new HashMap<>();
    final Map<String, Double> vos = new HashMap<>();
    final Map<String, Integer> ownersOf = new HashMap<>();

    Usage(Map<UsageTable.Who, Double> owners) {
      this.owners = owners;
      owners.forEach(
          (who, used) -> {
            groups.merge(who.vo() + "/" + who.group(), used, Double::sum);
            vos.merge(who.vo(), used, Double::sum);
            ownersOf.merge(who.vo() + "/" + who.group(), 1, Integer::sum);
          });
    }
  }

  /** Takes newer usage into account. */
  public void update(Map<UsageTable.Who, Double> now) {
    usage = new Usage(now);
  }

  /** Whether any VO corrects its shares. */
  public boolean corrects() {
    return configurations.current().operations().values().stream()
        .anyMatch(operations -> operations.jobScheduling().sharesCorrection());
  }

  @Override
  public GroupShare ofGroup(String vo, String group) {
    Configuration configuration = configurations.current();
    Configuration.Vo registered = configuration.registry().get(vo);
    Configuration.Group known = registered == null ? null : registered.groups().get(group);
    if (registered == null || known == null) {
      return new GroupShare(DEFAULT_SHARE, false, false);
    }
    double weight = Math.max(known.share(), Double.MIN_NORMAL);
    if (corrects(configuration, vo)) {
      weight *= groupCorrection(registered, known);
    }
    return new GroupShare(weight, known.jobSharing(), known.allowBackgroundQueues());
  }

  private double groupCorrection(Configuration.Vo vo, Configuration.Group group) {
    Usage now = usage;
    double all = now.vos.getOrDefault(vo.name(), 0.0);
    double shares =
        vo.groups().values().stream()
            .filter(
                other ->
                    other.name().equals(group.name())
                        || now.groups.containsKey(vo.name() + "/" + other.name()))
            .mapToDouble(Configuration.Group::share)
            .sum();
    double used = now.groups.getOrDefault(vo.name() + "/" + group.name(), 0.0);
    return all <= 0 || shares <= 0 ? 1 : correction(group.share() / shares, used / all);
  }

  @Override
  public double ownerFactor(String vo, String group, String owner) {
    if (!corrects(configurations.current(), vo)) {
      return 1;
    }
    Usage now = usage;
    double all = now.groups.getOrDefault(vo + "/" + group, 0.0);
    double used = now.owners.getOrDefault(new UsageTable.Who(vo, group, owner), 0.0);
    int owners = now.ownersOf.getOrDefault(vo + "/" + group, 0) + (used > 0 ? 0 : 1);
    return all <= 0 || owner.isEmpty() ? 1 : correction(1.0 / owners, used / all);
  }

  private static double correction(double expected, double used) {
    return used <= 0
        ? MOST_CORRECTION
        : Math.clamp(expected / used, 1 / MOST_CORRECTION, MOST_CORRECTION);
  }

  private static boolean corrects(Configuration configuration, String vo) {
    Configuration.Operations operations = configuration.operations().get(vo);
    return operations != null && operations.jobScheduling().sharesCorrection();
  }

  /** Core seconds of an owner, faded. */
  public double usedBy(UsageTable.Who who) {
    return usage.owners.getOrDefault(who, 0.0);
  }
}
