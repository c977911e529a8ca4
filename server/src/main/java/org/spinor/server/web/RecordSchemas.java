package org.spinor.server.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Puts the null marks of records into the OpenAPI document, as {@link WireJson} takes them: what
 * may be null says so, what may not be left out is required.
 */
@Component
final class RecordSchemas implements ModelConverter {
  private final Map<String, Class<?>> owners = new ConcurrentHashMap<>();

  /** Whether answers of this schema leave out what they have nothing to say of. */
  boolean isSparse(String schema) {
    Class<?> owner = owners.get(schema);
    if (owner == null) {
      return true;
    }
    JsonInclude said = owner.getAnnotation(JsonInclude.class);
    return said != null && said.value() != JsonInclude.Include.ALWAYS;
  }

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    if (!chain.hasNext()) {
      return null;
    }
    Schema<?> resolved = chain.next().resolve(type, context, chain);
    Class<?> raw = rawClass(type.getType());
    if (resolved == null || raw == null || !raw.isRecord()) {
      return resolved;
    }
    Schema<?> model = resolved;
    if (resolved.get$ref() != null) {
      String name = resolved.get$ref().substring(resolved.get$ref().lastIndexOf('/') + 1);
      Class<?> owner = owners.putIfAbsent(name, raw);
      if (owner != null && owner != raw) {
        throw new IllegalStateException(
            owner
                + " and "
                + raw
                + " have one name in the OpenAPI document: give one a @Schema(name)");
      }
      model = context.getDefinedModels().get(name);
    }
    if (model != null && model.getProperties() != null) {
      mark(model, raw);
    }
    return resolved;
  }

  private static @Nullable Class<?> rawClass(@Nullable Type type) {
    return switch (type) {
      case Class<?> known -> known;
      case JavaType known -> known.getRawClass();
      case null, default -> null;
    };
  }

  private static void mark(Schema<?> model, Class<?> type) {
    List<String> required = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = wireName(type, component);
      Schema<?> property = model.getProperties().get(name);
      if (property == null) {
        continue;
      }
      if (isNullable(component)) {
        model.getProperties().put(name, orNull(property));
      } else if (!hasDefault(component.getType())) {
        required.add(name);
      }
    }
    required.forEach(
        name -> {
          if (model.getRequired() == null || !model.getRequired().contains(name)) {
            model.addRequiredItem(name);
          }
        });
  }

  private static String wireName(Class<?> type, RecordComponent component) {
    try {
      JsonProperty said =
          type.getDeclaredField(component.getName()).getAnnotation(JsonProperty.class);
      return said == null || said.value().isEmpty() ? component.getName() : said.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isNullable(RecordComponent component) {
    return component.getType() == Optional.class
        || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /** Left out, lists are empty and numbers 0. */
  private static boolean hasDefault(Class<?> type) {
    return type.isPrimitive()
        || Collection.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type);
  }

  static Schema<?> orNull(Schema<?> schema) {
    if (allowsNull(schema)) {
      return schema;
    }
    if (schema.getTypes() != null && schema.getEnum() == null) {
      schema.addType("null");
      return schema;
    }
    Schema<?> nothing = new JsonSchema();
    nothing.addType("null");
    Schema<?> either = new JsonSchema();
    either.addAnyOfItem(schema);
    either.addAnyOfItem(nothing);
    return either;
  }

  /** Whether null fits: said so, or nothing is said at all. */
  static boolean allowsNull(Schema<?> schema) {
    if (schema.getAnyOf() != null) {
      return schema.getAnyOf().stream().anyMatch(RecordSchemas::allowsNull);
    }
    return schema.getTypes() == null
        ? schema.get$ref() == null && schema.getOneOf() == null && schema.getAllOf() == null
        : schema.getTypes().contains("null");
  }
}
