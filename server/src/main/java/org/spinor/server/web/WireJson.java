package org.spinor.server.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.Constructor;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * The server's one JSON mapping, of requests, answers and stored documents.
 *
 * <ul>
 *   <li>Absent or null lists, sets and maps are empty, no element of a list or set is null; an
 *       absent or null component that is neither {@code @Nullable} nor {@code Optional} is refused:
 *       null marks hold at the edge too.
 *   <li>Unknown keys are ignored, except in records that say {@code
 *       JsonIgnoreProperties(ignoreUnknown = false)}.
 *   <li>A number or a truth value is no text, though a number may be written as text.
 *   <li>Times as in {@link Timestamps}.
 * </ul>
 */
public final class WireJson {
  private static final ObjectMapper MAPPER = configure(JsonMapper.builder()).build();

  private WireJson() {}

  /** The mapping for code outside of controllers: payloads of tasks, documents in the database. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  static JsonMapper.Builder configure(JsonMapper.Builder builder) {
    JsonSetter.Value empty = JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);
    JsonSetter.Value full = JsonSetter.Value.construct(Nulls.AS_EMPTY, Nulls.FAIL);
    for (Class<?> type : List.of(List.class, Set.class)) {
      builder.withConfigOverride(type, override -> override.setNullHandling(full));
    }
    builder.withConfigOverride(Map.class, override -> override.setNullHandling(empty));
    return builder
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .withCoercionConfig(LogicalType.Textual, WireJson::onlyText)
        .annotationIntrospector(
            AnnotationIntrospector.pair(
                new RequiredUnlessNullable(), builder.annotationIntrospector()))
        .addHandler(new StrictRecords())
        .addModule(
            new SimpleModule("spinor-times")
                .addSerializer(Instant.class, new WriteTime())
                .addDeserializer(Instant.class, new ReadTime())
                .addKeyDeserializer(Instant.class, new ReadTimeKey()));
  }

  private static void onlyText(MutableCoercionConfig text) {
    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  private static final class WriteTime extends ValueSerializer<Instant> {
    @Override
    public void serialize(Instant value, JsonGenerator json, SerializationContext context) {
      json.writeString(Timestamps.format(value));
    }
  }

  private static final class ReadTime extends ValueDeserializer<Instant> {
    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) {
      String text = json.getString();
      try {
        return Timestamps.parse(text);
      } catch (DateTimeException e) {
        throw context.weirdStringException(text, Instant.class, "expected a time in ISO 8601");
      }
    }
  }

  private static final class ReadTimeKey extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      try {
        return Timestamps.parse(key);
      } catch (DateTimeException e) {
        throw context.weirdKeyException(Instant.class, key, "expected a time in ISO 8601");
      }
    }
  }

  /** Unknown keys of a record that asks for strictness. */
  private static final class StrictRecords extends DeserializationProblemHandler {
    @Override
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser json,
        ValueDeserializer<?> deserializer,
        Object beanOrClass,
        String name)
        throws JacksonException {
      Class<?> type = beanOrClass instanceof Class<?> c ? c : beanOrClass.getClass();
      JsonIgnoreProperties wish = type.getAnnotation(JsonIgnoreProperties.class);
      if (wish == null || wish.ignoreUnknown()) {
        return false;
      }
      Collection<Object> known = deserializer.getKnownPropertyNames();
      throw UnrecognizedPropertyException.from(json, type, name, known == null ? List.of() : known);
    }
  }

  /** Takes the null marks of records at their word. */
  private static final class RequiredUnlessNullable extends AnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Version version() {
      return Version.unknownVersion();
    }

    @Override
    public JsonSetter.@Nullable Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
      if (annotated instanceof AnnotatedParameter parameter
          && parameter.getOwner().getAnnotated() instanceof Constructor<?> constructor
          && constructor.getDeclaringClass().isRecord()
          && constructor.getDeclaringClass().getPackage().isAnnotationPresent(NullMarked.class)
          && required(constructor, parameter)) {
        return JsonSetter.Value.forValueNulls(Nulls.FAIL);
      }
      return null;
    }

    private static boolean required(Constructor<?> constructor, AnnotatedParameter parameter) {
      Class<?> type = parameter.getRawType();
      return !type.isPrimitive()
          && type != Optional.class
          && type != Object.class
          && !Collection.class.isAssignableFrom(type)
          && !Map.class.isAssignableFrom(type)
          && !JsonNode.class.isAssignableFrom(type)
          && !constructor
              .getParameters()[parameter.getIndex()]
              .getAnnotatedType()
              .isAnnotationPresent(Nullable.class);
    }
  }
}
