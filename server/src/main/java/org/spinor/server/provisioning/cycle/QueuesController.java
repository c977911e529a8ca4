package org.spinor.server.provisioning.cycle;

import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spinor.api.QueueInfo;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Queues with the reasons for which pilots are sent there or are not. */
@RestController
@RequestMapping("/api/queues")
final class QueuesController {
  private final QueueBoard board;

  QueuesController(QueueBoard board) {
    this.board = board;
  }

  @GetMapping
  @Operation(summary = "Why pilots are sent to queues, or are not, as planned at this moment")
  List<QueueInfo> list(
      @RequestParam(required = false) @Nullable String site,
      @RequestParam(required = false) @Nullable String ce,
      @RequestParam(required = false) @Nullable String queue) {
    return board.all().stream()
        .filter(each -> site == null || site.equals(each.site()))
        .filter(each -> ce == null || ce.equals(each.ce()))
        .filter(each -> queue == null || queue.equals(each.queue()))
        .toList();
  }
}
