CREATE TABLE pilots.pilot (
  pilot_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stamp text NOT NULL UNIQUE,
  -- The name at the computing element; the stamp until that is known.
  reference text NOT NULL,
  vo text NOT NULL,
  -- Computing element, queue, site, type of the element: the columns of DIRAC.
  destination_site text NOT NULL,
  queue text NOT NULL,
  grid_site text NOT NULL,
  grid_type text NOT NULL,
  bench_mark float8 NOT NULL DEFAULT 0,
  submission_time timestamptz NOT NULL DEFAULT now(),
  last_update_time timestamptz NOT NULL DEFAULT now(),
  status text NOT NULL,
  status_reason text NOT NULL DEFAULT 'Unknown',
  accounting_sent boolean NOT NULL DEFAULT false,
  initial_job_id bigint NOT NULL DEFAULT 0,
  current_job_id bigint NOT NULL DEFAULT 0,

  -- Sent by this installation's provisioning; otherwise somebody registered it.
  provisioned boolean NOT NULL DEFAULT false,
  -- Whether the computing element has accepted it.
  accepted boolean NOT NULL DEFAULT false,
  -- When its computing element was last asked about it.
  polled timestamptz,
  -- SHA-256 of the secrets that open the door to it: one for each try to submit it.
  secret_hashes bytea[] NOT NULL DEFAULT '{}',
  -- Told to take no more work; why, in words.
  drain boolean NOT NULL DEFAULT false,
  drain_reason text NOT NULL DEFAULT '',
  -- Was given up because it was silent: it may come back.
  lost boolean NOT NULL DEFAULT false,
  -- Its end at the computing element was ordered and is not confirmed.
  cancel boolean NOT NULL DEFAULT false,
  -- Its computing element keeps nothing of it any more.
  purged boolean NOT NULL DEFAULT false,
  host text NOT NULL DEFAULT '',
  cores int NOT NULL DEFAULT 0,
  node jsonb NOT NULL DEFAULT '{}'
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

CREATE INDEX pilot_last_update ON pilots.pilot (last_update_time);
CREATE INDEX pilot_submission ON pilots.pilot (submission_time);
CREATE INDEX pilot_reference ON pilots.pilot (reference);
CREATE INDEX pilot_place ON pilots.pilot (grid_site, destination_site, queue, submission_time);
CREATE INDEX pilot_status ON pilots.pilot (status, last_update_time);
CREATE INDEX pilot_vo ON pilots.pilot (vo, submission_time);
CREATE INDEX pilot_host ON pilots.pilot (host, pilot_id) WHERE host <> '';
-- The pilots that have not ended: what provisioning counts and whoever watches over pilots reads.
CREATE INDEX pilot_active ON pilots.pilot (grid_site, destination_site, queue, status)
  WHERE status IN ('Submitted', 'Waiting', 'Running', 'Unknown');
CREATE INDEX pilot_to_purge ON pilots.pilot (grid_site, destination_site, queue, last_update_time)
  WHERE status IN ('Done', 'Failed', 'Deleted', 'Aborted') AND accepted AND provisioned AND NOT purged AND NOT cancel;
CREATE INDEX pilot_cancel ON pilots.pilot (grid_site, destination_site, queue) WHERE cancel;

-- Signs of life of the pilots that run: short rows and no index on the time, so that a heartbeat writes little and touches no
-- index. Whoever looks for the silent ones reads it all.
CREATE TABLE pilots.live (
  pilot_id bigint PRIMARY KEY,
  last_seen timestamptz NOT NULL,
  -- Left in its slot, as it says; NULL: not known.
  time_left_seconds bigint,
  -- Attempts that it held when it last spoke; NULL: it has not said yet.
  running int,
  -- Moves to the pilot when that ends.
  current_job_id bigint
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- When the keeper of pilots last looked: after a longer absence of all servers nobody is late.
CREATE TABLE pilots.keeper (
  seen timestamptz NOT NULL,
  grace_until timestamptz NOT NULL
);
INSERT INTO pilots.keeper VALUES (now(), now());

-- Jobs that somebody said are run by a pilot that was not matched here; the attempts of jobs know all others.
CREATE TABLE pilots.job_pilot (
  job_id bigint NOT NULL,
  pilot_id bigint NOT NULL,
  start_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (job_id, pilot_id)
);
CREATE INDEX job_pilot_pilot ON pilots.job_pilot (pilot_id);

-- How far the log of a pilot goes.
CREATE TABLE pilots.log (
  pilot_id bigint PRIMARY KEY,
  next_offset bigint NOT NULL,
  -- Bytes kept; fewer than next_offset once the log is longer than a log may be.
  kept bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE pilots.log_chunk (
  pilot_id bigint NOT NULL,
  log_offset bigint NOT NULL,
  content bytea NOT NULL,
  written timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (written);
CREATE INDEX log_chunk_pilot ON pilots.log_chunk (pilot_id, log_offset);
CREATE TABLE pilots.log_chunk_default PARTITION OF pilots.log_chunk DEFAULT;

-- Nodes whose jobs failed fast, one after the other.
CREATE TABLE pilots.node (
  site text NOT NULL,
  host text NOT NULL,
  -- In a row, without a job that went well or ran long in between.
  fast_failures int NOT NULL,
  -- Requirement classes of those jobs: one user's broken jobs alone condemn no node.
  classes int[] NOT NULL,
  -- How many of them were the infrastructure's own failures.
  infrastructure int NOT NULL,
  last_failure timestamptz NOT NULL,
  -- Put aside until then.
  aside_until timestamptz,
  reason text NOT NULL DEFAULT '',
  PRIMARY KEY (site, host)
);

-- What pilots say of their node is text; what is no number is nothing.
CREATE FUNCTION pilots.whole_number(value text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN value ~ '^[0-9]{1,6}$' THEN value::int END $$;
CREATE FUNCTION pilots.real_number(value text) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN value ~ '^[0-9]{1,9}(\.[0-9]{1,9})?$' THEN value::float8 END $$;
