package org.spinor.server.pilots.contact;

import jakarta.annotation.PreDestroy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.server.database.Batcher;
import org.spinor.server.database.Transactions;
import org.springframework.stereotype.Component;

/**
 * Where pilots are heard. Thousands speak in a second: what comes in while one statement runs goes
 * into the next one.
 */
@Component
public final class Contacts {
  private static final int MOST = 500;

  private final Batcher<String, Optional<Standing>> readings;
  private final Batcher<Contact, Optional<Standing>> writings;

  Contacts(ContactRepository repository, Transactions transactions) {
    this.readings =
        new Batcher<>(
            "pilot-standings",
            2,
            MOST,
            stamps -> {
              Map<String, Standing> standings = repository.standings(List.copyOf(stamps));
              return stamps.stream()
                  .map(stamp -> Optional.ofNullable(standings.get(stamp)))
                  .toList();
            });
    this.writings =
        new Batcher<>(
            "pilot-contacts",
            1,
            MOST,
            contacts -> {
              Map<String, Contact> byStamp = new LinkedHashMap<>();
              contacts.forEach(contact -> byStamp.merge(contact.stamp(), contact, Contact::then));
              Map<String, Standing> standings =
                  transactions.in(() -> repository.heard(byStamp.values()));
              return contacts.stream()
                  .map(contact -> Optional.ofNullable(standings.get(contact.stamp())))
                  .toList();
            });
  }

  /** How a pilot stands; empty: no such pilot. */
  public Optional<Standing> standing(String stamp) {
    return readings.submit(stamp);
  }

  /** Hears a pilot; how it stood before. */
  public Optional<Standing> hear(Contact contact) {
    return writings.submit(contact);
  }

  @PreDestroy
  void close() {
    readings.close();
    writings.close();
  }
}
