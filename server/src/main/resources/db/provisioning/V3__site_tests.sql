-- Tests of queues that operators asked for, with what each step found.
CREATE TABLE provisioning.site_test (
  test_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site text NOT NULL,
  ce text NOT NULL,
  queue text NOT NULL,
  vo text NOT NULL,
  asked_by text NOT NULL,
  started timestamptz NOT NULL DEFAULT now(),
  ended timestamptz,
  timeout_seconds int NOT NULL,
  with_pilot boolean NOT NULL,
  -- Goes up with each look at the test: a look that comes twice counts once.
  looks int NOT NULL DEFAULT 0,
  -- Of the test pilot, once it is written down; its name at the element, once that has accepted it.
  stamp text,
  reference text,
  steps jsonb NOT NULL
);
CREATE INDEX site_test_started ON provisioning.site_test (started);
