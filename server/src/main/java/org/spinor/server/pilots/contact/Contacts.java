package org.spinor.server.pilots.contact;

import jakarta.annotation.PreDestroy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Batcher;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
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

  /** The pilot, if the caller may touch it; foreign ones are unknown ones. */
  public Standing reachable(Caller caller, String stamp) {
    return standing(stamp)
        .filter(
            pilot ->
                switch (caller.reach()) {
                  case OWN -> caller.pilotStamp().filter(stamp::equals).isPresent();
                  case VO -> pilot.vo().equals(caller.vo());
                  case ALL -> true;
                })
        .orElseThrow(() -> unknown(stamp));
  }

  public static SpinorException unknown(String stamp) {
    return new SpinorException(ErrorCode.NOT_FOUND, "no pilot with the stamp '" + stamp + "'");
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
