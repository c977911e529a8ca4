package org.spinor.plugins.computing.arc.rest;

import java.util.OptionalInt;

/** How full a queue is (a ComputingShare of GLUE2). */
public record Share(OptionalInt waiting, OptionalInt running, OptionalInt freeSlots) {}
