-- Sets of requirements. A number is given once and stays: jobs carry it.
CREATE TABLE matching.requirement_class (
  number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- SHA-256 of the canonical text of the requirements.
  digest bytea NOT NULL UNIQUE,
  asks jsonb NOT NULL,
  made timestamptz NOT NULL DEFAULT now()
);

-- Live attempts under each running limit. Changed in the transaction of the match and of the end of the attempt;
-- whoever changes several rows locks them in the order of the key.
CREATE TABLE matching.running_count (
  vo text NOT NULL,
  site text NOT NULL,
  -- Empty: the limit is for the whole site.
  ce text NOT NULL,
  attribute text NOT NULL,
  value text NOT NULL,
  running bigint NOT NULL,
  PRIMARY KEY (vo, site, ce, attribute, value)
) WITH (fillfactor = 50);

-- Until when the same is not matched again at a site (database clock).
CREATE TABLE matching.delay (
  vo text NOT NULL,
  site text NOT NULL,
  attribute text NOT NULL,
  value text NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (vo, site, attribute, value)
) WITH (fillfactor = 50);

-- Core seconds of ended attempts, losing half of their weight in each half-life. Base plus changes is the truth:
-- changes are appended, so that the ends of many jobs of one owner do not wait for each other.
CREATE TABLE matching.usage (
  vo text NOT NULL,
  owner_group text NOT NULL,
  owner text NOT NULL,
  core_seconds double precision NOT NULL,
  -- The time for which the number is right.
  as_of timestamptz NOT NULL,
  PRIMARY KEY (vo, owner_group, owner)
);
CREATE TABLE matching.usage_change (
  vo text NOT NULL,
  owner_group text NOT NULL,
  owner text NOT NULL,
  core_seconds double precision NOT NULL
);

-- What pilots offered lately, for explanations: the many pilots of a queue have few different offers.
CREATE TABLE matching.offer_shape (
  shape uuid PRIMARY KEY,
  offer jsonb NOT NULL,
  seen timestamptz NOT NULL
);
CREATE UNLOGGED TABLE matching.recent_offer (
  pilot_stamp text PRIMARY KEY,
  shape uuid NOT NULL,
  seen timestamptz NOT NULL
);
CREATE INDEX recent_offer_seen ON matching.recent_offer (seen);

-- The largest node that pilots found behind a queue.
CREATE TABLE matching.queue_node (
  site text NOT NULL,
  ce text NOT NULL,
  queue text NOT NULL,
  cores int NOT NULL,
  memory_mb bigint NOT NULL,
  seen timestamptz NOT NULL,
  PRIMARY KEY (site, ce, queue)
);
