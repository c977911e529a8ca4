package org.spinor.server.matching;

import java.util.List;
import org.spinor.api.Offer;
import org.spinor.server.matching.rules.SiteState;
import org.spinor.server.matching.terms.OfferTerms;

/** Offers for tests: a plain node, changed where the test looks. */
public final class Offers {
  private String site = "LCG.Here.org";
  private String ce = "ce.here.org";
  private String queue = "queue";
  private List<String> vos = List.of("vo");
  private List<String> ownerGroups = List.of();
  private List<String> owners = List.of();
  private List<String> platforms = List.of();
  private List<String> jobTypes = List.of();
  private List<String> bannedJobTypes = List.of();
  private List<String> tags = List.of();
  private List<String> requiredTags = List.of();
  private long cpuTime = 1_000_000;
  private int cores = 1;
  private boolean wholeNode;
  private long memoryMb = 2000;
  private int gpus;

  public static Offers plain() {
    return new Offers();
  }

  public Offers site(String value) {
    site = value;
    return this;
  }

  public Offers ce(String value) {
    ce = value;
    return this;
  }

  public Offers queue(String value) {
    queue = value;
    return this;
  }

  Offers vos(String... values) {
    vos = List.of(values);
    return this;
  }

  Offers ownerGroups(String... values) {
    ownerGroups = List.of(values);
    return this;
  }

  Offers owners(String... values) {
    owners = List.of(values);
    return this;
  }

  Offers platforms(String... values) {
    platforms = List.of(values);
    return this;
  }

  Offers jobTypes(String... values) {
    jobTypes = List.of(values);
    return this;
  }

  Offers bannedJobTypes(String... values) {
    bannedJobTypes = List.of(values);
    return this;
  }

  Offers tags(String... values) {
    tags = List.of(values);
    return this;
  }

  Offers requiredTags(String... values) {
    requiredTags = List.of(values);
    return this;
  }

  public Offers cpuTime(long value) {
    cpuTime = value;
    return this;
  }

  public Offers cores(int value) {
    cores = value;
    return this;
  }

  public Offers wholeNode() {
    wholeNode = true;
    return this;
  }

  public Offers memoryMb(long value) {
    memoryMb = value;
    return this;
  }

  Offers gpus(int value) {
    gpus = value;
    return this;
  }

  public Offer build() {
    return new Offer(
        site,
        ce,
        queue,
        vos,
        ownerGroups,
        owners,
        platforms,
        jobTypes,
        bannedJobTypes,
        tags,
        requiredTags,
        cpuTime,
        cores,
        wholeNode,
        memoryMb,
        10_000,
        gpus);
  }

  public OfferTerms terms() {
    return OfferTerms.of(build(), SiteState.OPEN, java.util.Set.of());
  }
}
