package org.spinor.server.web;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/**
 * What the document says of every route alike: refusals are problems; what stands in answers only
 * is always there unless it may be null; and no schema is left over that no route uses.
 */
@Component
final class DocumentAnswers implements OpenApiCustomizer {
  private static final String PREFIX = "#/components/schemas/";

  private static final Pattern VARIABLE = Pattern.compile("\\{[^}]*}");

  /** Leaves out what is empty. */
  private static final String PROBLEM = "Problem";

  private final RecordSchemas records;

  DocumentAnswers(RecordSchemas records) {
    this.records = records;
  }

  @Override
  public void customise(OpenAPI document) {
    Map<String, Schema<?>> schemas = new LinkedHashMap<>();
    document.getComponents().getSchemas().forEach(schemas::put);
    ResolvedSchema problem =
        ModelConverters.getInstance(true)
            .resolveAsResolvedSchema(new AnnotatedType(Problem.class).resolveAsRef(true));
    problem.referencedSchemas.forEach(schemas::put);
    document.setPaths(inSnakeCase(document.getPaths()));
    List<Operation> operations =
        document.getPaths().values().stream()
            .flatMap(path -> path.readOperations().stream())
            .toList();
    operations.forEach(operation -> refusals(operation, problem.schema));
    Set<String> asked = reachable(schemas, operations.stream().flatMap(DocumentAnswers::asked));
    Set<String> told = reachable(schemas, operations.stream().flatMap(DocumentAnswers::told));
    schemas.forEach(
        (name, schema) -> {
          if (told.contains(name) && !asked.contains(name) && !name.equals(PROBLEM)) {
            complete(schema, records.isSparse(name));
          }
        });
    document.getComponents().setSchemas(new TreeMap<>());
    schemas.forEach(
        (name, schema) -> {
          if (told.contains(name) || asked.contains(name)) {
            document.getComponents().addSchemas(name, schema);
          }
        });
  }

  /** Path variables are called as everything else on the wire. */
  private static Paths inSnakeCase(Paths paths) {
    Paths renamed = new Paths();
    paths.forEach(
        (path, item) -> {
          item.readOperations().stream()
              .map(Operation::getParameters)
              .filter(Objects::nonNull)
              .flatMap(List::stream)
              .filter(parameter -> "path".equals(parameter.getIn()))
              .forEach(
                  parameter ->
                      parameter.setName(OpenApiConfiguration.snakeCase(parameter.getName())));
          renamed.addPathItem(
              VARIABLE
                  .matcher(path)
                  .replaceAll(found -> OpenApiConfiguration.snakeCase(found.group())),
              item);
        });
    return renamed;
  }

  private static void refusals(Operation operation, Schema<?> problem) {
    operation
        .getResponses()
        .addApiResponse(
            "default",
            new ApiResponse()
                .description("Refused, or failed: a problem of RFC 9457")
                .content(
                    new Content()
                        .addMediaType(
                            org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            new MediaType().schema(problem))));
  }

  private static Stream<Schema<?>> asked(Operation operation) {
    Stream<Schema<?>> parameters =
        operation.getParameters() == null
            ? Stream.of()
            : operation.getParameters().stream().map(Parameter::getSchema);
    Stream<Schema<?>> body =
        operation.getRequestBody() == null
            ? Stream.of()
            : contents(operation.getRequestBody().getContent());
    return Stream.concat(parameters, body);
  }

  private static Stream<Schema<?>> told(Operation operation) {
    return operation.getResponses().values().stream()
        .flatMap(answer -> contents(answer.getContent()));
  }

  private static Stream<Schema<?>> contents(@Nullable Content content) {
    return content == null ? Stream.of() : content.values().stream().map(MediaType::getSchema);
  }

  private static Set<String> reachable(Map<String, Schema<?>> schemas, Stream<Schema<?>> roots) {
    Set<String> names = new HashSet<>();
    Deque<Schema<?>> open = new ArrayDeque<>();
    roots.filter(Objects::nonNull).forEach(open::add);
    while (!open.isEmpty()) {
      Schema<?> schema = open.pop();
      String ref = schema.get$ref();
      if (ref != null && ref.startsWith(PREFIX)) {
        String name = ref.substring(PREFIX.length());
        if (names.add(name) && schemas.containsKey(name)) {
          open.add(schemas.get(name));
        }
      }
      parts(schema).filter(Objects::nonNull).forEach(open::add);
    }
    return names;
  }

  private static Stream<Schema<?>> parts(Schema<?> schema) {
    Stream<Schema<?>> single =
        Stream.of(
            schema.getItems(),
            schema.getAdditionalProperties() instanceof Schema<?> more ? more : null);
    Stream<Schema<?>> several =
        Stream.of(
                schema.getProperties() == null ? null : schema.getProperties().values(),
                schema.getAnyOf(),
                schema.getOneOf(),
                schema.getAllOf())
            .filter(Objects::nonNull)
            .flatMap(Collection::stream)
            .map(each -> (Schema<?>) each);
    return Stream.concat(single, several);
  }

  private static void complete(Schema<?> schema, boolean sparse) {
    if (schema.getProperties() == null) {
      return;
    }
    schema
        .getProperties()
        .forEach(
            (name, property) -> {
              if ((!sparse || !RecordSchemas.allowsNull(property))
                  && (schema.getRequired() == null || !schema.getRequired().contains(name))) {
                schema.addRequiredItem(name);
              }
            });
  }
}
