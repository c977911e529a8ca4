package org.spinor.server.pilots.agents;

import java.util.List;
import java.util.Map;
import org.spinor.api.CompanionPilot;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.Transactions;
import org.spinor.server.pilots.contact.Places;
import org.spinor.server.pilots.contact.SecretKeeper;
import org.spinor.server.pilots.contact.Standing;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Pilots on the further nodes of an allocation. One was sent; each of the others says in its name
 * on which node it is, and is a pilot of its own from then on, at the same place.
 */
@Component
final class Companions {
  private final JdbcClient jdbc;
  private final SecretKeeper secrets;
  private final Places places;
  private final Transactions transactions;

  Companions(JdbcClient jdbc, SecretKeeper secrets, Places places, Transactions transactions) {
    this.jdbc = jdbc;
    this.secrets = secrets;
    this.places = places;
    this.transactions = transactions;
  }

  /**
   * The pilot of a node, written down if it is not yet. Asked again it is the same one with another
   * secret; earlier ones stay good.
   *
   * @param leader the pilot that was sent
   * @param node number of the node in the allocation, from 1: the leader's is 0
   */
  CompanionPilot of(Standing leader, int node) {
    int nodes = places.queue(leader).map(Configuration.Queue::nodes).orElse(1);
    if (node < 1 || node >= nodes) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE,
          "an allocation there has %d nodes (NumberOfNodes of the queue): %d is none of the further ones"
              .formatted(nodes, node));
    }
    if (leader.ended()) {
      throw new SpinorException(
          ErrorCode.CONFLICT,
          "the pilot " + leader.stamp() + " has ended: " + leader.statusReason());
    }
    String stamp = leader.stamp() + "-" + node;
    return transactions.in(
        () -> {
          jdbc.sql(
                  """
                  WITH made AS (
                    INSERT INTO pilots.pilot (stamp, reference, vo, destination_site, queue, grid_site, grid_type, status,
                                              status_reason, first_seen, accepted, test, leader)
                    SELECT :stamp, :stamp, vo, destination_site, queue, grid_site, grid_type, 'Running',
                           'on a further node of the allocation of ' || stamp, now(), true, test, pilot_id
                      FROM pilots.pilot WHERE pilot_id = :leader AND leader IS NULL
                    ON CONFLICT (stamp) DO NOTHING
                    RETURNING pilot_id)
                  INSERT INTO pilots.live (pilot_id, last_seen) SELECT pilot_id, now() FROM made
                  """)
              .param("stamp", stamp)
              .param("leader", leader.pilotId())
              .update();
          boolean ours =
              jdbc.sql(
                          "SELECT count(*) FROM pilots.pilot WHERE stamp = :stamp AND leader = :leader")
                      .param("stamp", stamp)
                      .param("leader", leader.pilotId())
                      .query(Long.class)
                      .single()
                  == 1;
          if (!ours) {
            throw new SpinorException(
                ErrorCode.CONFLICT,
                leader.stamp() + " is itself a further node, or its name is taken");
          }
          Map<String, String> fresh = secrets.renew(List.of(stamp));
          return new CompanionPilot(stamp, fresh.getOrDefault(stamp, ""));
        });
  }
}
