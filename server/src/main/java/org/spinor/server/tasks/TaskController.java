package org.spinor.server.tasks;

import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Background work, seen and mended by operators. */
@RestController
@RequestMapping("/api/tasks")
final class TaskController {
  private static final List<String> STATES = List.of("dead", "waiting", "running");

  private final TaskDesk desk;

  TaskController(TaskDesk desk) {
    this.desk = desk;
  }

  @GetMapping
  @Operation(summary = "Tasks in a state, oldest first")
  List<TaskView> list(
      @RequestParam(defaultValue = "dead") String state,
      @RequestParam(defaultValue = "100") int limit) {
    if (!STATES.contains(state)) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "state: expected one of %s, got '%s'".formatted(String.join(", ", STATES), state));
    }
    if (limit < 1 || limit > 10_000) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST, "limit: expected a number from 1 to 10000, got " + limit);
    }
    return desk.list(state, limit);
  }

  @GetMapping("/summary")
  @Operation(summary = "How many tasks there are of each type in each state")
  List<TaskView.Count> summary() {
    return desk.counts();
  }

  @PostMapping("/{id}/retry")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(summary = "Tries a dead or waiting task again now")
  void retry(@PathVariable long id) {
    desk.retry(id);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(summary = "Throws a task away; not a recurrent or running one")
  void delete(@PathVariable long id) {
    desk.delete(id);
  }
}
