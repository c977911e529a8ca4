-- Secrets that let machines in without an operator's word for each: for images of virtual machines. Only hashes are kept.
CREATE TABLE pilots.machine_secret (
  secret_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  secret_hash bytea NOT NULL UNIQUE,
  vo text NOT NULL,
  site text NOT NULL,
  ce text NOT NULL,
  queue text NOT NULL,
  -- So many machines with it at the same time; NULL: as many as the queue takes.
  max_machines int,
  note text NOT NULL DEFAULT '',
  created timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  expires timestamptz NOT NULL,
  revoked timestamptz
);

-- Machines that run pilots by themselves, or ask to.
CREATE TABLE pilots.machine (
  machine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- SHA-256 of the secret that the machine made up: by it the machine is known.
  secret_hash bytea NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('asking', 'refused', 'joined', 'removed')),
  -- Why it is refused, removed or drained, in words.
  reason text NOT NULL DEFAULT '',
  name text NOT NULL,
  host text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT '',
  -- What an operator types to let it in; only while it asks.
  code text UNIQUE,
  code_until timestamptz,
  -- While it asks, the site is a wish and the rest empty.
  site text NOT NULL DEFAULT '',
  ce text NOT NULL DEFAULT '',
  queue text NOT NULL DEFAULT '',
  vo text NOT NULL DEFAULT '',
  -- The secret with which it came; NULL: an operator approved it.
  secret_id bigint,
  let_in_by text NOT NULL DEFAULT '',
  joined timestamptz,
  drain boolean NOT NULL DEFAULT false,
  -- It holds a place of its queue until then; a pilot of it that has not ended holds the place too.
  place_until timestamptz,
  last_seen timestamptz NOT NULL DEFAULT now(),
  -- What it was told to wait for, when it last asked.
  waits_for text NOT NULL DEFAULT '',
  -- Of its newest pilot.
  stamp text,
  -- Pilots in a row that ended without a job.
  empty_pilots int NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
CREATE INDEX machine_place ON pilots.machine (site, ce, queue) WHERE state IN ('joined', 'removed');
CREATE INDEX machine_secret_used ON pilots.machine (secret_id) WHERE secret_id IS NOT NULL;
CREATE INDEX machine_asking ON pilots.machine (code_until) WHERE state = 'asking';

-- The machine that runs the pilot by itself; NULL: it is no such pilot.
ALTER TABLE pilots.pilot ADD COLUMN machine_id bigint;
CREATE INDEX pilot_machine ON pilots.pilot (machine_id)
  WHERE machine_id IS NOT NULL AND status IN ('Submitted', 'Waiting', 'Running', 'Unknown');
