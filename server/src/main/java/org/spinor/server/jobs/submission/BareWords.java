package org.spinor.server.jobs.submission;

import java.util.List;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Context;
import org.spinor.jdl.Expr;
import org.spinor.jdl.Printer;
import org.spinor.jdl.Value;

/**
 * Words without quotes. DIRAC's users write {@code Site = ANY} and {@code StdOutput = std.out}; in
 * the language these are references to attributes that do not exist. Where that is so, the word is
 * taken as the text that was meant; otherwise a wish would be lost without a sign.
 */
final class BareWords {
  private BareWords() {}

  /** The ad with such words as strings. */
  static Ad quoted(Ad ad) {
    Ad.Builder result = Ad.builder();
    boolean changed = false;
    for (String name : ad.names()) {
      Expr written = ad.get(name).orElseThrow();
      Expr meant = meant(ad, name, written);
      changed |= !meant.equals(written);
      result.put(name, meant);
    }
    return changed ? result.build() : ad;
  }

  private static Expr meant(Ad ad, String attribute, Expr expr) {
    if (expr instanceof Expr.ListOf(List<Expr> items)) {
      return new Expr.ListOf(items.stream().map(item -> word(ad, attribute, item)).toList());
    }
    return word(ad, attribute, expr);
  }

  private static Expr word(Ad ad, String attribute, Expr expr) {
    return isWord(expr) && leadsNowhere(ad, attribute, expr) ? Expr.of(Printer.print(expr)) : expr;
  }

  private static boolean isWord(Expr expr) {
    return switch (expr) {
      case Expr.Reference(Expr.Scope scope, String _) -> scope == Expr.Scope.NEAREST;
      case Expr.Selection(Expr base, String _) -> isWord(base);
      case Expr.Literal _,
          Expr.ListOf _,
          Expr.AdOf _,
          Expr.Subscript _,
          Expr.Unary _,
          Expr.Binary _,
          Expr.Logical _,
          Expr.Conditional _,
          Expr.Call _,
          Expr.Placeholder _ ->
          false;
    };
  }

  private static boolean leadsNowhere(Ad ad, String attribute, Expr expr) {
    if (expr instanceof Expr.Reference(Expr.Scope _, String name) && ad.contains(name)) {
      // JobGroup = jobGroup is no way to refer to anything else.
      return name.equalsIgnoreCase(attribute);
    }
    return expr.evaluate(Context.of(ad)) instanceof Value.Undefined;
  }
}
