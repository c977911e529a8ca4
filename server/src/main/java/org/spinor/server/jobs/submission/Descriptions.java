package org.spinor.server.jobs.submission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;
import org.spinor.jdl.Parametric;
import org.spinor.jdl.Printer;
import org.spinor.server.database.Batcher;
import org.spinor.server.jobs.rows.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The descriptions of jobs, computed from their templates when somebody asks. */
@Component
public final class Descriptions {
  // Characters of template text in memory; parsed ones take some ten times of that.
  private static final long CACHED_CHARACTERS = 4_000_000;

  private static final int LANES = 2;
  private static final int MAX_BATCH = 200;

  private final JdbcClient jdbc;
  // Each pilot that gets a job reads one: thousands a second.
  private final Batcher<Collection<Long>, List<Place>> readings;
  private final Cache<Long, Template> templates =
      Caffeine.newBuilder()
          .maximumWeight(CACHED_CHARACTERS)
          .<Long, Template>weigher((id, template) -> Math.max(500, template.characters()))
          .build();

  private record Template(Parametric parsed, int characters) {}

  private record Place(long jobId, long templateId, int parameterNumber) {}

  Descriptions(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.readings = new Batcher<>("job-descriptions", LANES, MAX_BATCH, this::places);
  }

  @PreDestroy
  void close() {
    readings.close();
  }

  /** Each job's own description, as its wrapper gets it; unknown jobs are left out. */
  public Map<Long, String> texts(Collection<Long> jobIds) {
    Map<Long, String> texts = new LinkedHashMap<>();
    ads(jobIds).forEach((id, ad) -> texts.put(id, Printer.print(ad)));
    return texts;
  }

  Map<Long, Ad> ads(Collection<Long> jobIds) {
    List<Place> places = readings.submit(jobIds);
    Set<Long> wanted = new LinkedHashSet<>();
    places.forEach(place -> wanted.add(place.templateId()));
    Map<Long, Template> found = templates(wanted);
    Map<Long, Ad> ads = new LinkedHashMap<>();
    for (Place place : places) {
      Template template = found.get(place.templateId());
      if (template != null) {
        Ad ad = template.parsed().expand(place.parameterNumber(), place.jobId());
        ads.put(place.jobId(), ad.toBuilder().put("JobID", place.jobId()).build());
      }
    }
    return ads;
  }

  /** Where the descriptions of each list are found, in the order of the jobs' numbers. */
  private List<List<Place>> places(List<Collection<Long>> wanted) {
    Set<Long> all = new HashSet<>();
    wanted.forEach(all::addAll);
    Map<Long, Place> found = new HashMap<>();
    jdbc.sql(
            """
            SELECT job_id, template_id, coalesce(parameter_number, 0) AS parameter_number
            FROM jobs.job WHERE job_id = ANY(:ids)
            """)
        .param("ids", SqlArrays.ids(all))
        .query(
            row -> {
              found.put(
                  row.getLong("job_id"),
                  new Place(
                      row.getLong("job_id"),
                      row.getLong("template_id"),
                      row.getInt("parameter_number")));
            });
    return wanted.stream()
        .map(
            ids ->
                ids.stream().sorted().map(found::get).filter(Objects::nonNull).distinct().toList())
        .toList();
  }

  private Map<Long, Template> templates(Set<Long> ids) {
    Map<Long, Template> found = new HashMap<>(templates.getAllPresent(ids));
    List<Long> missing = new ArrayList<>(ids);
    missing.removeAll(found.keySet());
    if (missing.isEmpty()) {
      return found;
    }
    Map<Long, Template> read = new HashMap<>();
    jdbc.sql("SELECT template_id, checked FROM jobs.template WHERE template_id = ANY(:ids)")
        .param("ids", SqlArrays.ids(missing))
        .query(
            row -> {
              String text = row.getString("checked");
              read.put(
                  row.getLong("template_id"),
                  new Template(Parametric.of(Jdl.parse(text)), text.length()));
            });
    templates.putAll(read);
    found.putAll(read);
    return found;
  }

  /** What the user sent. */
  public Optional<String> original(long jobId) {
    return jdbc.sql(
            """
            SELECT t.original FROM jobs.job j JOIN jobs.template t USING (template_id) WHERE j.job_id = :id
            """)
        .param("id", jobId)
        .query((row, n) -> row.getString(1))
        .optional();
  }
}
