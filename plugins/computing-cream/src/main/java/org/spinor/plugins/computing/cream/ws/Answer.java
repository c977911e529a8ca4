package org.spinor.plugins.computing.cream.ws;

/** What CREAM says of one job of a request. */
public sealed interface Answer {
  /** It is known. */
  record Known(Job job) implements Answer {}

  /** An order for it is taken; it is carried out soon. */
  record Taken() implements Answer {}

  /** There is no such job of this account. */
  record Unknown() implements Answer {}

  /** Its state is not one for this order. */
  record WrongState() implements Answer {}

  /** CREAM could not do it. */
  record Failed(String fault, String reason) implements Answer {}
}
