package org.spinor.slice;

import java.util.Locale;
import java.util.Map;
import org.spinor.server.identity.Caller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Says who calls. */
@RestController
public final class ProbeController {
  @GetMapping("/api/probe/{thing}")
  Map<String, String> read(Caller caller, @PathVariable("thing") String thing) {
    return Map.of(
        "thing",
        thing,
        "caller",
        caller.subject(),
        "reach",
        caller.reach().name().toLowerCase(Locale.ROOT),
        "attempt",
        caller.attempt().map(Object::toString).orElse(""));
  }

  @PostMapping("/api/probe")
  Map<String, Object> write(Caller caller, @RequestBody Map<String, Object> body) {
    return Map.of("caller", caller.subject(), "body", body);
  }

  @GetMapping("/api/open")
  String open() {
    return "open";
  }
}
