package org.spinor.server.identity;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.spinor.server.identity.BrokerException.Remedy;

/**
 * What operators keep for elements: keys, passwords, proxies, each a file of mode 0600 below {@code
 * secrets/elements} of the data folder, at {@code SITE/CE/VO/NAME}. A part that is {@code _} stands
 * for all. Read at each use, so a new file counts at once.
 */
public final class OperatorSecrets {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
  private static final String ALL = "_";

  private final Path root;

  /**
   * Where a secret holds; an empty part: everywhere.
   *
   * @param ce only with a site
   */
  public record Place(Optional<String> site, Optional<String> ce, Optional<String> vo) {
    public Place {
      if (ce.isPresent() && site.isEmpty()) {
        throw new IllegalArgumentException("a computing element belongs to a site");
      }
    }

    /** From the narrowest to the widest; at each distance the VO's own before that of all VOs. */
    List<Place> widening() {
      List<Place> all = new ArrayList<>();
      for (Place each :
          List.of(
              this,
              new Place(site, Optional.empty(), vo),
              new Place(Optional.empty(), Optional.empty(), vo))) {
        all.add(each);
        all.add(new Place(each.site, each.ce, Optional.empty()));
      }
      return all.stream().distinct().toList();
    }
  }

  /**
   * A secret with the place where it was found.
   *
   * @param text as it is in the file; in Base64 where that is no text. {@code toString} does not
   *     show it
   */
  public record Found(Place place, String text) {
    @Override
    public String toString() {
      return "Found[place=" + place + "]";
    }
  }

  /**
   * @param dataFolder of the installation
   */
  public OperatorSecrets(Path dataFolder) {
    this.root = dataFolder.resolve("secrets").resolve("elements");
  }

  public Path root() {
    return root;
  }

  /**
   * The nearest secret of this name: of the element, the site, the installation; for the VO, for
   * all VOs.
   *
   * @throws BrokerException a file is there and others may read it, or it cannot be read
   */
  public Optional<Found> find(Place place, String name) {
    return place.widening().stream().flatMap(each -> at(each, name).stream()).findFirst();
  }

  /** The secret of exactly this place. */
  public Optional<Found> at(Place place, String name) {
    return SecretFile.read(file(place, name)).map(bytes -> new Found(place, text(bytes)));
  }

  /**
   * Where the secret is or would be.
   *
   * @throws BrokerException no such name is possible
   */
  public Path file(Place place, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new BrokerException(
          Remedy.CALLER,
          "'%s' names no secret: expected lower-case letters, digits and dashes, at most 64"
              .formatted(name));
    }
    return root.resolve(part(place.site()))
        .resolve(part(place.ce()))
        .resolve(part(place.vo()))
        .resolve(name);
  }

  /** Names of elements may have slashes. */
  private static String part(Optional<String> name) {
    return name.map(text -> text.replace("/", "%2F")).orElse(ALL);
  }

  /** The place of a file below the root, the other way round. */
  public Optional<Place> place(Path file) {
    Path below = root.relativize(file);
    if (below.getNameCount() != 4) {
      return Optional.empty();
    }
    Optional<String> site = name(below.getName(0));
    Optional<String> ce = name(below.getName(1));
    return site.isEmpty() && ce.isPresent()
        ? Optional.empty()
        : Optional.of(new Place(site, ce, name(below.getName(2))));
  }

  private static Optional<String> name(Path part) {
    return Optional.of(part.toString())
        .filter(text -> !text.equals(ALL))
        .map(text -> text.replace("%2F", "/"));
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return Base64.getEncoder().encodeToString(bytes);
    }
  }
}
