package org.spinor.spi.computing;

import org.spinor.spi.MisconfiguredException;

/**
 * A plug-in that also reaches folders which the nodes of its sites share. With it the server itself
 * can be the edge of nodes without a way out ({@code Edge: ssh:///folder}); plug-ins that cannot do
 * it are plain {@link ComputingElementPlugin}s.
 */
public interface SiteFolderPlugin extends ComputingElementPlugin {
  /**
   * A folder as the account sees it to which pilots are sent. Cheap, as {@link #create}: whether
   * the site is there shows at the first use.
   *
   * @param context as for the element of the same queue
   * @param path absolute
   * @throws MisconfiguredException where the parameters contradict each other
   */
  SiteFolder folder(ComputingElementContext context, String path);
}
