package org.spinor.jdl;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Numbers as they are written. The text of a real is the one that DIRAC's users see from Python
 * (shortest digits that give the same number back, {@code 0.30000000000000004}, {@code 1e+16}),
 * because it lands in file names through the parameters of parametric jobs.
 */
final class NumberText {

  private static final String UNITS = "BKMGT";

  private NumberText() {}

  static String of(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    String sign = Double.compare(value, 0.0) < 0 ? "-" : "";
    double magnitude = Math.abs(value);
    if (magnitude == 0) {
      return sign + "0.0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(magnitude)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = decimal.toPlainString();
      return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
    }
    String digits = decimal.unscaledValue().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String power = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + power;
  }

  /**
   * Where the number that begins at {@code start} ends: decimal or {@code 0x} integers, reals, each
   * of the decimal ones with an optional unit. What follows is for the caller to judge.
   */
  static int end(String text, int start) {
    if (text.startsWith("0x", start) || text.startsWith("0X", start)) {
      int end = start + 2;
      while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
        end++;
      }
      return end;
    }
    int end = digits(text, start);
    if (end < text.length() && text.charAt(end) == '.') {
      end = digits(text, end + 1);
    }
    if (end < text.length() && (text.charAt(end) | 0x20) == 'e') {
      int sign = end + 1;
      boolean signed = sign < text.length() && "+-".indexOf(text.charAt(sign)) >= 0;
      int exponent = signed ? sign + 1 : sign;
      int exponentEnd = digits(text, exponent);
      end = exponentEnd > exponent ? exponentEnd : end;
    }
    boolean unit = end < text.length() && UNITS.indexOf(text.charAt(end) & ~0x20) >= 0;
    boolean last = end + 1 >= text.length() || !Names.isPart(text.charAt(end + 1));
    return unit && last ? end + 1 : end;
  }

  private static int digits(String text, int start) {
    int end = start;
    while (end < text.length() && Names.isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /**
   * Reads a number as the language writes it, with an optional minus. A unit (B, K, M, G, T: powers
   * of 1024) makes it a real.
   *
   * @return empty if the text is not such a number or does not fit into 64 bits
   */
  static Optional<Value.Scalar> read(String written) {
    boolean negative = written.startsWith("-");
    String number = negative ? written.substring(1) : written;
    if (number.isEmpty() || end(number, 0) != number.length()) {
      return Optional.empty();
    }
    try {
      if (number.startsWith("0x") || number.startsWith("0X")) {
        return integer(number.substring(2), 16, negative);
      }
      if (digits(number, 0) == number.length()) {
        return integer(number, 10, negative);
      }
      int unit = UNITS.indexOf(number.charAt(number.length() - 1) & ~0x20);
      String decimal = unit < 0 ? number : number.substring(0, number.length() - 1);
      double real = Double.parseDouble(decimal) * Math.pow(1024, Math.max(unit, 0));
      return Double.isInfinite(real)
          ? Optional.empty()
          : Optional.of(new Value.Real(negative ? -real : real));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Value.Scalar> integer(String digits, int radix, boolean negative) {
    if (digits.length() > 40) {
      // Only leading zeros could make it fit; without this line a megabyte of digits is quadratic.
      return Optional.empty();
    }
    BigInteger value = new BigInteger(digits, radix);
    BigInteger signed = negative ? value.negate() : value;
    return signed.bitLength() > 63
        ? Optional.empty()
        : Optional.of(new Value.Int(signed.longValue()));
  }
}
