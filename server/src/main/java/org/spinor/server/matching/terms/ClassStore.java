package org.spinor.server.matching.terms;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Batcher;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.RequirementClasses;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.matching.rules.LimitRules;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of classes, with those in use in memory. Rows are never changed, so copies are good.
 */
public final class ClassStore implements RequirementClasses, AutoCloseable {
  private static final int IN_MEMORY = 200_000;
  private static final int AT_ONCE = 5_000;

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final Configurations configurations;
  private final Cache<Requirements, RequirementClass> byAsks =
      Caffeine.newBuilder().maximumSize(IN_MEMORY).build();
  private final Cache<Integer, RequirementClass> byNumber =
      Caffeine.newBuilder().maximumSize(IN_MEMORY).build();
  private final Batcher<Set<Requirements>, Boolean> maker;

  public ClassStore(JdbcClient jdbc, Transactions transactions, Configurations configurations) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.configurations = configurations;
    // On the batch's own thread it is a transaction of its own, whoever asks.
    this.maker = new Batcher<>("classes", 1, 200, this::make);
  }

  @Override
  public Map<Requirements, Integer> numbersOf(Set<Requirements> requirements) {
    Configuration configuration = configurations.current();
    Map<Requirements, Requirements> canonical = LinkedHashMap.newLinkedHashMap(requirements.size());
    for (Requirements asks : requirements) {
      canonical.put(asks, canonical(asks, configuration));
    }
    Set<Requirements> missing =
        canonical.values().stream()
            .filter(asks -> byAsks.getIfPresent(asks) == null)
            .collect(Collectors.toSet());
    if (!missing.isEmpty()) {
      maker.submit(missing);
    }
    Map<Requirements, Integer> numbers = HashMap.newHashMap(requirements.size());
    canonical.forEach((asks, form) -> numbers.put(asks, made(form).number()));
    return numbers;
  }

  private static Requirements canonical(Requirements asks, Configuration configuration) {
    Configuration.Operations operations = configuration.operations().get(asks.vo());
    return operations == null
        ? Canonical.of(asks, List.of(), Set.of())
        : Canonical.of(
            asks,
            operations.jobScheduling().cpuTimeIntervals(),
            LimitRules.namedJobGroups(operations.jobScheduling()));
  }

  private RequirementClass made(Requirements form) {
    RequirementClass cls = byAsks.getIfPresent(form);
    // Only where more classes are made at once than memory keeps.
    return cls != null ? cls : read(Set.of(digest(form))).getFirst();
  }

  private List<Boolean> make(List<Set<Requirements>> wishes) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Set<Requirements> wish : wishes) {
      for (Requirements form : wish) {
        String json = Canonical.json(form);
        texts.put(HexFormat.of().formatHex(Canonical.digest(json)), json);
      }
    }
    List<String> digests = List.copyOf(texts.keySet());
    for (int from = 0; from < digests.size(); from += AT_ONCE) {
      List<String> some = digests.subList(from, Math.min(from + AT_ONCE, digests.size()));
      transactions.run(() -> insert(some, texts));
      read(Set.copyOf(some));
    }
    return wishes.stream().map(wish -> true).toList();
  }

  private void insert(List<String> digests, Map<String, String> texts) {
    // The anti-join keeps known classes from using up numbers.
    jdbc.sql(
            """
            INSERT INTO matching.requirement_class (digest, asks)
            SELECT decode(n.digest, 'hex'), n.asks::jsonb
            FROM unnest(:digests::text[], :asks::text[]) AS n(digest, asks)
            WHERE NOT EXISTS (SELECT 1 FROM matching.requirement_class c WHERE c.digest = decode(n.digest, 'hex'))
            ORDER BY n.digest
            ON CONFLICT (digest) DO NOTHING
            """)
        .param("digests", digests.toArray(String[]::new))
        .param("asks", digests.stream().map(texts::get).toArray(String[]::new))
        .update();
  }

  private List<RequirementClass> read(Set<String> digests) {
    return keep(
        jdbc.sql(
                """
                SELECT number, asks FROM matching.requirement_class
                WHERE digest = ANY(SELECT decode(d, 'hex') FROM unnest(:digests::text[]) AS d)
                """)
            .param("digests", digests.toArray(String[]::new)));
  }

  private List<RequirementClass> keep(JdbcClient.StatementSpec query) {
    List<RequirementClass> classes =
        query
            .query(
                (row, n) ->
                    new RequirementClass(
                        row.getInt("number"), Canonical.fromJson(row.getString("asks"))))
            .list();
    classes.forEach(
        cls -> {
          byAsks.put(cls.asks(), cls);
          byNumber.put(cls.number(), cls);
        });
    return classes;
  }

  private static String digest(Requirements form) {
    return HexFormat.of().formatHex(Canonical.digest(Canonical.json(form)));
  }

  public Optional<RequirementClass> numbered(int number) {
    return Optional.ofNullable(numbered(Set.of(number)).get(number));
  }

  /** The classes of these numbers; unknown numbers are left out. */
  public Map<Integer, RequirementClass> numbered(Collection<Integer> numbers) {
    Map<Integer, RequirementClass> found = HashMap.newHashMap(numbers.size());
    int[] missing =
        numbers.stream()
            .filter(
                number -> {
                  RequirementClass known = byNumber.getIfPresent(number);
                  if (known != null) {
                    found.put(number, known);
                  }
                  return known == null;
                })
            .mapToInt(Objects::requireNonNull)
            .toArray();
    if (missing.length > 0) {
      keep(jdbc.sql("SELECT number, asks FROM matching.requirement_class WHERE number = ANY(:n)")
              .param("n", missing))
          .forEach(cls -> found.put(cls.number(), cls));
    }
    return found;
  }

  @Override
  public void close() {
    maker.close();
  }
}
