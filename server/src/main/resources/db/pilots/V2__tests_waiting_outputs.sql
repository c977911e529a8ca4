-- Sent to test a queue: takes no job, and counts for no limit.
ALTER TABLE pilots.pilot ADD COLUMN test boolean NOT NULL DEFAULT false;
-- When it first spoke: how long it waited for its slot is what its queue is judged by.
ALTER TABLE pilots.pilot ADD COLUMN first_seen timestamptz;

-- What the computing element kept of a pilot's output, fetched when that had ended.
CREATE TABLE pilots.output (
  pilot_id bigint PRIMARY KEY,
  content text NOT NULL,
  fetched timestamptz NOT NULL DEFAULT now()
);
