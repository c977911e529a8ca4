package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Shape.Each;
import org.spinor.server.configuration.Shape.Field;
import org.spinor.server.configuration.Shape.Others;
import org.spinor.server.configuration.Shape.Section;
import org.spinor.server.configuration.cfg.KnownNames;
import org.spinor.server.web.DidYouMean;

/** Tells the conversion of DIRAC configurations what the schema has a place for. */
final class SchemaNames implements KnownNames {

  @Override
  public Kind kind(String path) {
    return switch (shape(path)) {
      case null -> Kind.NONE;
      case Shape.Text _ -> Kind.TEXT;
      case Shape.Whole _, Shape.Real _ -> Kind.NUMBER;
      case Shape.Flag _ -> Kind.FLAG;
      case Shape.Texts _, Shape.Wholes _ -> Kind.LIST;
      case Shape.Free _ -> Kind.FREE;
      case Section _, Each _ -> Kind.SECTION;
    };
  }

  @Override
  public Optional<String> refusal(String path, String value) {
    Shape shape = shape(path);
    if (shape == null) {
      return Optional.of("there is no such key");
    }
    List<String> problems = new ArrayList<>();
    new Expansion(problems).expand(shape, new YamlTree.Scalar(value, YamlTree.Type.TEXT, 1), "");
    return problems.isEmpty() ? Optional.empty() : Optional.of("expected " + shape.expected());
  }

  @Override
  public Optional<String> nameRefusal(String path, String name) {
    return shape(path.substring(0, path.lastIndexOf('/'))) instanceof Each each
            && !each.names().form().matcher(name).matches()
        ? Optional.of(each.names().expected())
        : Optional.empty();
  }

  @Override
  public Optional<String> slip(String section, String name) {
    return shape(section) instanceof Section known
        ? DidYouMean.slip(name, known.fields().stream().map(Field::name).toList())
        : Optional.empty();
  }

  private static @Nullable Shape shape(String path) {
    Shape shape = Schema.ROOT;
    for (String name : path.split("/")) {
      shape = below(shape, name);
      if (shape == null) {
        return null;
      }
    }
    return shape;
  }

  private static @Nullable Shape below(Shape shape, String name) {
    return switch (shape) {
      case Each each -> each.value();
      case Section section -> {
        Optional<Shape> known =
            section.fields().stream()
                .filter(field -> field.name().equals(name))
                .map(Field::shape)
                .findFirst();
        yield known.orElse(section.others() == Others.KEPT ? new Shape.Free() : null);
      }
      default -> null;
    };
  }
}
