package org.spinor.server.provisioning;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How pilots are sent.
 *
 * @param interval demand is looked at at least so often; new work wakes it at once
 * @param callTimeout how long one call to a computing element may take
 * @param atOnce pilots sent or asked about in one call, at most
 * @param silence a pilot that has not spoken for so long is asked about at its computing element
 * @param believeUnknown how long a pilot is believed in that its computing element does not know
 * @param withdrawAfter pilots that have not begun are taken back when no work for them has been
 *     there for so long
 * @param firstPause how long a queue that fails is left alone; doubled each time it fails again
 * @param longestPause the longest of these pauses
 * @param silentDeaths so many pilots in a row that end without a word stop a queue
 * @param purgeAfter what a computing element keeps of a pilot is purged so long after its end
 * @param patience where pilots wait so long for their slot, half of {@code IdlePilots} may wait at
 *     once, and the longer the fewer, down to a quarter; zero: always all
 * @param pilotServer address of this installation for pilots; empty: the issuer's
 * @param pilotOptions further options of all pilots, as {@code --idle=120s --isolation=none};
 *     separated by blanks
 * @param pilotCa file of CA certificates (PEM) by which pilots know this installation; empty: those
 *     of their node
 */
@ConfigurationProperties("spinor.provisioning")
public record ProvisioningProperties(
    @DefaultValue("10s") Duration interval,
    @DefaultValue("60s") Duration callTimeout,
    @DefaultValue("100") int atOnce,
    @DefaultValue("30s") Duration silence,
    @DefaultValue("1h") Duration believeUnknown,
    @DefaultValue("60s") Duration withdrawAfter,
    @DefaultValue("1m") Duration firstPause,
    @DefaultValue("1h") Duration longestPause,
    @DefaultValue("5") int silentDeaths,
    @DefaultValue("24h") Duration purgeAfter,
    @DefaultValue("30m") Duration patience,
    @DefaultValue("") String pilotServer,
    @DefaultValue("") String pilotOptions,
    @DefaultValue("") String pilotCa) {

  static ProvisioningProperties defaults() {
    return new ProvisioningProperties(
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        100,
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        Duration.ofSeconds(60),
        Duration.ofMinutes(1),
        Duration.ofHours(1),
        5,
        Duration.ofHours(24),
        Duration.ofMinutes(30),
        "",
        "",
        "");
  }
}
