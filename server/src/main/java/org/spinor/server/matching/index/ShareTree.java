package org.spinor.server.matching.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.matching.shares.Credits;
import org.spinor.server.matching.shares.Priorities;
import org.spinor.server.matching.shares.Shares;
import org.spinor.server.matching.terms.Canonical;

/**
 * Who is next: VO, group, owner, family, class; at each level {@link Credits} decide by weight
 * among those that have something to run on the offer at hand.
 *
 * <ul>
 *   <li>a group weighs its share; a VO what its groups with jobs for the offer weigh together;
 *   <li>owners of a group weigh the same (times the correction by their usage); a sharing group
 *       (JobSharing) is one owner;
 *   <li>a family is the classes of an owner that differ in sites only; it weighs what its classes
 *       with waiting jobs weigh together, wherever they may run;
 *   <li>a class weighs the mean priority of its jobs.
 * </ul>
 *
 * Background classes are looked at when nothing else fits.
 *
 * <p>Each owner has its own words of the bit sets, so "has this owner anything for the offer" is an
 * AND of a word or a few. Guarded by the lock of {@link MatchingIndex}.
 */
final class ShareTree {
  private final Shares shares;
  private final Map<List<String>, Credits.Account> accounts = new HashMap<>();
  private final Map<List<String>, Credits.Account> oldAccounts;
  private final Map<String, Vo> vos = new LinkedHashMap<>();
  private @Nullable Slot[] slots = new Slot[1024];
  private final Map<Integer, Slot> byClass = new HashMap<>();
  private int words;
  private long[] used = new long[16];
  private long[] normal = new long[16];
  private long[] background = new long[16];
  private long[] pending = new long[16];

  private final Level<Vo> voLevel = new Level<>();
  private final Level<Group> groupLevel = new Level<>();
  private final Level<Owner> ownerLevel = new Level<>();
  private final Level<Family> familyLevel = new Level<>();
  private final Level<Slot> classLevel = new Level<>();
  private long decision;

  /**
   * @param oldAccounts balances of an earlier tree; those still in use are taken over
   */
  ShareTree(Shares shares, Map<List<String>, Credits.Account> oldAccounts) {
    this.shares = shares;
    this.oldAccounts = oldAccounts;
  }

  private record Vo(Credits.Account account, Map<String, Group> groups) {}

  private static final class Group {
    final Credits.Account account;
    final Shares.GroupShare share;
    final Map<String, Owner> owners = new LinkedHashMap<>();
    long active;

    Group(Credits.Account account, Shares.GroupShare share) {
      this.account = account;
      this.share = share;
    }

    boolean has(long[] eligible, long[] available) {
      for (Owner owner : owners.values()) {
        if (owner.has(eligible, available)) {
          return true;
        }
      }
      return false;
    }
  }

  private static final class Owner {
    final Credits.Account account;
    final Group group;
    final double weight;
    final Map<Requirements, Family> families = new HashMap<>();
    int[] words = new int[1];
    int classes;

    Owner(Credits.Account account, Group group, double weight) {
      this.account = account;
      this.group = group;
      this.weight = weight;
    }

    int wordCount() {
      return (classes + 63) >> 6;
    }

    boolean has(long[] eligible, long[] available) {
      for (int i = 0; i < wordCount(); i++) {
        if ((eligible[words[i]] & available[words[i]]) != 0) {
          return true;
        }
      }
      return false;
    }
  }

  private static final class Family {
    final Credits.Account account = new Credits.Account();
    double weight;
    int waiting;
    long seen;

    /** A class of the family weighs more or less than before; 0: nobody waits in it. */
    void change(double from, double to) {
      waiting += (to > 0 ? 1 : 0) - (from > 0 ? 1 : 0);
      // The sum of nothing is exactly nothing: rounding does not pile up.
      weight = waiting == 0 ? 0 : weight - from + to;
    }
  }

  /** The place of a class in the tree and in the bit sets. */
  static final class Slot {
    private final Line line;
    private final int number;
    private final Owner owner;
    private final Family family;
    private double weight;

    private Slot(Line line, int number, Owner owner, Family family) {
      this.line = line;
      this.number = number;
      this.owner = owner;
      this.family = family;
    }

    Line line() {
      return line;
    }

    int number() {
      return number;
    }
  }

  /** Candidates of one level for one decision. */
  private static final class Level<T> {
    final Credits credits = new Credits();
    final List<T> candidates = new ArrayList<>();

    void clear() {
      credits.clear();
      candidates.clear();
    }

    void add(T candidate, Credits.Account account, double weight) {
      candidates.add(candidate);
      credits.add(account, weight);
    }

    T choose() {
      return candidates.get(credits.choose());
    }
  }

  Map<List<String>, Credits.Account> accounts() {
    return accounts;
  }

  int words() {
    return words;
  }

  int size() {
    return byClass.size();
  }

  List<Line> lines() {
    return byClass.values().stream().map(Slot::line).toList();
  }

  Optional<Slot> slotOf(int classNumber) {
    return Optional.ofNullable(byClass.get(classNumber));
  }

  Slot slot(int number) {
    return Objects.requireNonNull(slots[number]);
  }

  /** The places that classes have: one word of the set. */
  long used(int word) {
    return used[word];
  }

  /** Classes in which somebody waits, in flight or not: one word of the set. */
  long waiting(int word) {
    return normal[word] | background[word] | pending[word];
  }

  /** Whether it is being decided if a class that the offer may take has a job. */
  boolean undecided(long[] eligible) {
    for (int word = 0; word < words; word++) {
      if ((eligible[word] & pending[word]) != 0) {
        return true;
      }
    }
    return false;
  }

  Slot add(Line line) {
    Requirements asks = line.cls().asks();
    Vo vo =
        vos.computeIfAbsent(
            asks.vo(), name -> new Vo(account(List.of(name)), new LinkedHashMap<>()));
    Group group =
        vo.groups.computeIfAbsent(
            asks.ownerGroup(),
            name -> new Group(account(List.of(asks.vo(), name)), shares.ofGroup(asks.vo(), name)));
    Owner owner =
        group.owners.computeIfAbsent(
            group.share.jobSharing() ? "" : asks.owner(),
            name ->
                new Owner(
                    account(List.of(asks.vo(), asks.ownerGroup(), name)),
                    group,
                    shares.ownerFactor(asks.vo(), asks.ownerGroup(), name)));
    Family family = owner.families.computeIfAbsent(Canonical.anywhere(asks), key -> new Family());
    Slot slot = new Slot(line, nextBit(owner), owner, family);
    if (slot.number >= slots.length) {
      slots = Arrays.copyOf(slots, Math.max(2 * slots.length, slot.number + 1));
    }
    slots[slot.number] = slot;
    put(used, slot.number, true);
    byClass.put(line.cls().number(), slot);
    update(slot);
    return slot;
  }

  private Credits.Account account(List<String> name) {
    return accounts.computeIfAbsent(
        name, key -> oldAccounts.getOrDefault(key, new Credits.Account()));
  }

  private int nextBit(Owner owner) {
    int bit = owner.classes & 63;
    int word = owner.classes >> 6;
    owner.classes++;
    if (bit == 0) {
      if (word == owner.words.length) {
        owner.words = Arrays.copyOf(owner.words, 2 * word);
      }
      owner.words[word] = words++;
      if (words > normal.length) {
        used = Arrays.copyOf(used, 2 * used.length);
        normal = Arrays.copyOf(normal, 2 * normal.length);
        background = Arrays.copyOf(background, 2 * background.length);
        pending = Arrays.copyOf(pending, 2 * pending.length);
      }
    }
    return (owner.words[word] << 6) + bit;
  }

  /** To be called after each change of a line. */
  void update(Slot slot) {
    Line line = slot.line;
    boolean available = line.available();
    double weight = available || line.pending() ? Priorities.weight(line.meanPriority()) : 0;
    boolean tiny =
        slot.owner.group.share.background() && Priorities.isBackground(line.meanPriority());
    double visible = tiny ? 0 : weight;
    slot.family.change(slot.weight, visible);
    slot.weight = visible;
    put(normal, slot.number, available && !tiny);
    put(background, slot.number, available && tiny);
    put(pending, slot.number, line.pending());
  }

  private static void put(long[] set, int number, boolean value) {
    long bit = 1L << (number & 63);
    if (value) {
      set[number >> 6] |= bit;
    } else {
      set[number >> 6] &= ~bit;
    }
  }

  /** The class whose turn it is among those the offer may take. Nothing is booked yet. */
  Optional<Slot> next(long[] eligible) {
    Optional<Slot> slot = next(eligible, normal);
    return slot.isPresent() ? slot : next(eligible, background);
  }

  private Optional<Slot> next(long[] eligible, long[] available) {
    decision++;
    voLevel.clear();
    for (Vo vo : vos.values()) {
      double weight = 0;
      for (Group group : vo.groups.values()) {
        if (group.has(eligible, available)) {
          group.active = decision;
          weight += group.share.weight();
        }
      }
      if (weight > 0) {
        voLevel.add(vo, vo.account, weight);
      }
    }
    if (voLevel.credits.isEmpty()) {
      return Optional.empty();
    }
    groupLevel.clear();
    for (Group group : voLevel.choose().groups.values()) {
      if (group.active == decision) {
        groupLevel.add(group, group.account, group.share.weight());
      }
    }
    ownerLevel.clear();
    for (Owner owner : groupLevel.choose().owners.values()) {
      if (owner.has(eligible, available)) {
        ownerLevel.add(owner, owner.account, owner.weight);
      }
    }
    return Optional.of(nextOf(ownerLevel.choose(), eligible, available));
  }

  private Slot nextOf(Owner owner, long[] eligible, long[] available) {
    familyLevel.clear();
    for (int i = 0; i < owner.wordCount(); i++) {
      int word = owner.words[i];
      for (long rest = eligible[word] & available[word]; rest != 0; rest &= rest - 1) {
        Family family = slot((word << 6) + Long.numberOfTrailingZeros(rest)).family;
        if (family.seen != decision) {
          family.seen = decision;
          familyLevel.add(family, family.account, Math.max(family.weight, Priorities.LEAST));
        }
      }
    }
    Family family = familyLevel.choose();
    classLevel.clear();
    for (int i = 0; i < owner.wordCount(); i++) {
      int word = owner.words[i];
      for (long rest = eligible[word] & available[word]; rest != 0; rest &= rest - 1) {
        Slot slot = slot((word << 6) + Long.numberOfTrailingZeros(rest));
        if (slot.family == family) {
          classLevel.add(slot, slot.line.account(), Math.max(slot.weight, Priorities.LEAST));
        }
      }
    }
    return classLevel.choose();
  }

  /** Books what the class found by {@link #next} just now is given. */
  List<Credits.Charge> charge(double size) {
    return List.of(
        voLevel.credits.charge(size),
        groupLevel.credits.charge(size),
        ownerLevel.credits.charge(size),
        familyLevel.credits.charge(size),
        classLevel.credits.charge(size));
  }
}
