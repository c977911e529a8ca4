package org.spinor.api;

import org.jspecify.annotations.Nullable;

/** An operator does not let a machine in: {@code POST /api/machines/refuse}. */
public record MachineRefusal(String code, @Nullable String reason) {}
