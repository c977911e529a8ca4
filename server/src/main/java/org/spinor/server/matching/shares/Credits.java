package org.spinor.server.matching.shares;

import java.util.Arrays;

/**
 * Divides what is given out among those who want it, in proportion to their weights, whoever is
 * there at the moment.
 *
 * <p>Each time something of a size is given, all who could have had it earn their part of its size
 * by weight, and the one who gets it pays the whole size. Who is owed most gets it. The sum of all
 * balances stays where it was and no balance grows without bound, so over time each gets exactly
 * its part of what it could have had; who is absent, or cannot use what is on offer, earns nothing
 * and comes back without a claim on the past. This is the car pool problem, and its greedy answer.
 *
 * <p>Used for one decision at a time: {@link #clear}, {@link #add} all, {@link #choose}, and, when
 * the thing is really given, {@link #charge}.
 */
public final class Credits {

  /** Somebody who wants a part. */
  public static final class Account {
    private double balance;

    /** What it got beyond its part (negative) or is owed (positive). */
    double balance() {
      return balance;
    }
  }

  private Account[] accounts = new Account[64];
  private double[] weights = new double[64];
  private int count;
  private double sum;
  private int chosen;

  public void clear() {
    count = 0;
    sum = 0;
  }

  public void add(Account account, double weight) {
    if (count == accounts.length) {
      accounts = Arrays.copyOf(accounts, 2 * count);
      weights = Arrays.copyOf(weights, 2 * count);
    }
    accounts[count] = account;
    weights[count++] = weight;
    sum += weight;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** The index, in the order of adding, of the one to serve; the earlier one of equals. */
  public int choose() {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      double owed = accounts[i].balance + weights[i] / sum;
      if (owed > most) {
        most = owed;
        chosen = i;
      }
    }
    return chosen;
  }

  /** The chosen one gets something of this size. */
  public Charge charge(double size) {
    if (count == 1) {
      return Charge.NONE;
    }
    Charge charge =
        new Charge(
            Arrays.copyOf(accounts, count), Arrays.copyOf(weights, count), size / sum, chosen);
    charge.book(1);
    return charge;
  }

  /** What was booked, so that it can be undone when the thing could not be given after all. */
  public static final class Charge {
    private static final Charge NONE = new Charge(new Account[0], new double[0], 0, -1);

    private final Account[] accounts;
    private final double[] weights;
    private final double unit;
    private final int payer;

    private Charge(Account[] accounts, double[] weights, double unit, int payer) {
      this.accounts = accounts;
      this.weights = weights;
      this.unit = unit;
      this.payer = payer;
    }

    private void book(int sign) {
      double size = 0;
      for (int i = 0; i < accounts.length; i++) {
        double part = sign * weights[i] * unit;
        accounts[i].balance += part;
        size += part;
      }
      if (payer >= 0) {
        accounts[payer].balance -= size;
      }
    }

    public void undo() {
      book(-1);
    }
  }
}
