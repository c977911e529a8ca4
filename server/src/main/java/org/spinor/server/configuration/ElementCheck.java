package org.spinor.server.configuration;

import java.util.List;

/**
 * Knows what the plug-ins of computing elements want of their parameters; provisioning does it. A
 * configuration in which something is wrong here is taken all the same: the other queues work, and
 * another server may have other plug-ins.
 */
public interface ElementCheck {
  /** All that is wrong, each in one line that begins with the path of the value. */
  List<String> problems(Configuration.Resources resources);
}
