package org.spinor.api;

/**
 * The node that shall get work again.
 *
 * @param host as its pilots call it
 */
public record NodeRelease(String site, String host) {}
