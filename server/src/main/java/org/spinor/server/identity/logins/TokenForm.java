package org.spinor.server.identity.logins;

import java.util.List;
import java.util.Optional;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.util.MultiValueMap;

/** The form of the token routes: fields given once, or not at all. */
record TokenForm(MultiValueMap<String, String> fields) {

  String required(String name) {
    return optional(name).orElseThrow(() -> invalid("The field " + name + " is missing"));
  }

  Optional<String> optional(String name) {
    List<String> values = fields.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw invalid("The field " + name + " is given " + values.size() + " times");
    }
    return values.isEmpty() || values.getFirst() == null || values.getFirst().isEmpty()
        ? Optional.empty()
        : Optional.of(values.getFirst());
  }

  private static SpinorException invalid(String text) {
    return new SpinorException(ErrorCode.INVALID_REQUEST, text);
  }
}
