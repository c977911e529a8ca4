package org.spinor.server.jobs.rows;

/**
 * What of a job never changes.
 *
 * @param templateId its submission
 * @param parameterNumber its place in a parametric submission; -1: it was no part of one
 * @param wantedSite what the site column shows while no site has it
 */
public record JobIdentity(
    long jobId,
    String vo,
    String owner,
    String ownerGroup,
    long templateId,
    int parameterNumber,
    String wantedSite) {}
