package org.spinor.server.provisioning.elements;

import java.util.Optional;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.ElementOutput;
import org.spinor.server.pilots.Pilots;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;

/** Fetches outputs of pilots from their computing elements. */
public final class ElementOutputs implements ElementOutput {
  private final Places places;
  private final Elements elements;
  private final TimedCalls calls;

  ElementOutputs(Places places, Elements elements, TimedCalls calls) {
    this.places = places;
    this.elements = elements;
    this.calls = calls;
  }

  @Override
  public Optional<String> fetch(Pilots.Queue key, String vo, String reference, boolean ended) {
    Configuration.Queue queue = places.queues().get(key);
    if (queue == null) {
      return Optional.empty();
    }
    try {
      ComputingElement element = elements.of(queue, vo);
      Capability needed = ended ? Capability.OUTPUT : Capability.LIVE_OUTPUT;
      return element.capabilities().contains(needed)
          ? Optional.of(OutputText.of(output(calls, element, reference)))
          : Optional.empty();
    } catch (PluginException e) {
      throw new SpinorException(
          ErrorCode.EXTERNAL,
          "%s does not give the output: %s".formatted(key.ce(), e.getMessage()));
    }
  }

  public static PilotOutput output(TimedCalls calls, ComputingElement element, String reference) {
    return calls.call(
        "output", () -> element.output(new PilotReference(reference), OutputText.MOST));
  }
}
