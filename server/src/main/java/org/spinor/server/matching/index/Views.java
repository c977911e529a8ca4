package org.spinor.server.matching.index;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.spinor.server.matching.terms.OfferTerms;

/** The views in use; those not asked for longest make room. */
final class Views {
  private static final long MOST_BYTES = 96L << 20;
  private static final int MOST = 20_000;

  private final Map<OfferTerms, View> views = new LinkedHashMap<>(256, 0.75f, true);
  private long bytes;

  View of(OfferTerms canonical, Columns columns, ShareTree tree) {
    View view = views.get(canonical);
    if (view == null) {
      view = new View(canonical, columns, tree);
      views.put(canonical, view);
      bytes += view.bytes();
      makeRoom();
    }
    return view;
  }

  private void makeRoom() {
    Iterator<View> oldest = views.values().iterator();
    while (views.size() > 1 && (bytes > MOST_BYTES || views.size() > MOST)) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  void added(ShareTree.Slot slot) {
    bytes = 0;
    for (View view : views.values()) {
      view.added(slot);
      bytes += view.bytes();
    }
  }

  int size() {
    return views.size();
  }
}
