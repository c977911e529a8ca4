package org.spinor.server.pilots.nodes;

import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.spinor.api.NodeInfo;
import org.spinor.api.NodeRelease;
import org.spinor.server.identity.Caller;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Nodes whose jobs fail fast, seen and released by operators. */
@RestController
@RequestMapping("/api/nodes")
final class NodesController {
  private final BlackHoles nodes;

  NodesController(BlackHoles nodes) {
    this.nodes = nodes;
  }

  @GetMapping
  @Operation(summary = "Nodes put aside, and those on which jobs failed fast lately")
  List<NodeInfo> list() {
    return nodes.list();
  }

  @PostMapping("/release")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(summary = "Gives a node work again, its failures forgotten")
  void release(Caller caller, @RequestBody NodeRelease node) {
    nodes.release(node.site(), node.host(), caller.username());
  }
}
