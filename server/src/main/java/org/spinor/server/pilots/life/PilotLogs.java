package org.spinor.server.pilots.life;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.spinor.server.database.Batcher;
import org.spinor.server.database.Transactions;
import org.spinor.server.pilots.PilotsProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The logs of pilots, as they come in piece by piece. */
@Component
public final class PilotLogs {
  private final JdbcClient jdbc;
  private final long most;
  private final Batcher<Piece, Appended> pieces;

  private static final class Piece {
    final long pilotId;
    final long offset;
    final byte[] bytes;

    Piece(long pilotId, long offset, byte[] bytes) {
      this.pilotId = pilotId;
      this.offset = offset;
      this.bytes = bytes;
    }
  }

  /**
   * What became of a piece.
   *
   * @param nextOffset the byte that is wanted next
   * @param gap whether the piece lies behind it: nothing was kept
   */
  public record Appended(long nextOffset, boolean gap) {}

  private static final class Progress {
    final long pilotId;
    long next;
    long kept;

    Progress(long pilotId, long next, long kept) {
      this.pilotId = pilotId;
      this.next = next;
      this.kept = kept;
    }
  }

  PilotLogs(JdbcClient jdbc, Transactions transactions, PilotsProperties properties) {
    this.jdbc = jdbc;
    this.most = properties.maxLog().toBytes();
    this.pieces =
        new Batcher<>("pilot-logs", 1, 200, batch -> transactions.in(() -> append(batch)));
  }

  /** Adds a piece; what is there already is skipped, what is too much is dropped. */
  public Appended append(long pilotId, long offset, byte[] bytes) {
    return pieces.submit(new Piece(pilotId, offset, bytes));
  }

  private List<Appended> append(List<Piece> batch) {
    Map<Long, Progress> logs = lock(batch);
    List<Piece> kept = new ArrayList<>();
    List<Appended> answers = new ArrayList<>();
    for (Piece piece : batch) {
      Progress log = logs.computeIfAbsent(piece.pilotId, id -> new Progress(id, 0, 0));
      if (piece.offset > log.next) {
        answers.add(new Appended(log.next, true));
        continue;
      }
      int skip = Math.toIntExact(Math.min(piece.bytes.length, log.next - piece.offset));
      int fresh = piece.bytes.length - skip;
      int room = Math.toIntExact(Math.clamp(most - log.kept, 0, fresh));
      if (room > 0) {
        byte[] part = new byte[room];
        System.arraycopy(piece.bytes, skip, part, 0, room);
        kept.add(new Piece(log.pilotId, log.next, part));
      }
      log.next += fresh;
      log.kept += room;
      answers.add(new Appended(log.next, false));
    }
    write(kept, List.copyOf(logs.values()));
    return answers;
  }

  private Map<Long, Progress> lock(List<Piece> batch) {
    long[] ids = batch.stream().mapToLong(piece -> piece.pilotId).distinct().sorted().toArray();
    jdbc.sql(
            """
            INSERT INTO pilots.log (pilot_id, next_offset, kept)
            SELECT id, 0, 0 FROM unnest(:ids::bigint[]) AS id ORDER BY id
            ON CONFLICT DO NOTHING
            """)
        .param("ids", ids)
        .update();
    Map<Long, Progress> logs = new HashMap<>();
    jdbc.sql(
            """
            SELECT pilot_id, next_offset, kept FROM pilots.log WHERE pilot_id = ANY(:ids) ORDER BY pilot_id FOR UPDATE
            """)
        .param("ids", ids)
        .query(
            row -> {
              Progress log = new Progress(row.getLong(1), row.getLong(2), row.getLong(3));
              logs.put(log.pilotId, log);
            });
    return logs;
  }

  private void write(List<Piece> kept, List<Progress> logs) {
    if (!kept.isEmpty()) {
      jdbc.sql(
              """
              INSERT INTO pilots.log_chunk (pilot_id, log_offset, content)
              SELECT * FROM unnest(:ids::bigint[], :offsets::bigint[], :contents::bytea[])
              """)
          .param("ids", kept.stream().mapToLong(piece -> piece.pilotId).toArray())
          .param("offsets", kept.stream().mapToLong(piece -> piece.offset).toArray())
          .param("contents", kept.stream().map(piece -> piece.bytes).toArray(byte[][]::new))
          .update();
    }
    jdbc.sql(
            """
            UPDATE pilots.log l SET next_offset = n.next_offset, kept = n.kept
              FROM unnest(:ids::bigint[], :offsets::bigint[], :kept::bigint[]) AS n (pilot_id, next_offset, kept)
             WHERE l.pilot_id = n.pilot_id
            """)
        .param("ids", logs.stream().mapToLong(log -> log.pilotId).toArray())
        .param("offsets", logs.stream().mapToLong(log -> log.next).toArray())
        .param("kept", logs.stream().mapToLong(log -> log.kept).toArray())
        .update();
  }

  /** How far the log goes; empty: there is none. */
  OptionalLong length(long pilotId) {
    return jdbc.sql("SELECT next_offset FROM pilots.log WHERE pilot_id = :id")
        .param("id", pilotId)
        .query(Long.class)
        .optional()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /** Writes the log from a byte on, as far as it was kept. */
  public void copy(long pilotId, long offset, OutputStream out) {
    long place = offset;
    boolean more = true;
    while (more) {
      Map<Long, byte[]> chunks = chunks(pilotId, place);
      more = !chunks.isEmpty();
      for (Map.Entry<Long, byte[]> chunk : new TreeMap<>(chunks).entrySet()) {
        place = write(chunk.getKey(), chunk.getValue(), place, out);
      }
    }
  }

  private static long write(long start, byte[] content, long place, OutputStream out) {
    int skip = Math.toIntExact(Math.max(0, place - start));
    try {
      out.write(content, skip, content.length - skip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return start + content.length;
  }

  /** The next few chunks that have something behind this place. */
  private Map<Long, byte[]> chunks(long pilotId, long place) {
    Map<Long, byte[]> chunks = new HashMap<>();
    jdbc.sql(
            """
            SELECT log_offset, content FROM pilots.log_chunk
             WHERE pilot_id = :id
               AND log_offset >= coalesce((SELECT max(log_offset) FROM pilots.log_chunk WHERE pilot_id = :id AND log_offset <= :place), 0)
               AND log_offset + length(content) > :place
             ORDER BY log_offset LIMIT 16
            """)
        .param("id", pilotId)
        .param("place", place)
        .query(
            row -> {
              chunks.put(row.getLong(1), row.getBytes(2));
            });
    return chunks;
  }

  @PreDestroy
  void close() {
    pieces.close();
  }
}
