-- Results that were not decided: another one is needed to compare. Gone with the decision about their job.
CREATE TABLE validation.undecided (
  job_id bigint NOT NULL,
  attempt int NOT NULL,
  judged timestamptz NOT NULL DEFAULT now(),
  host text NOT NULL,
  -- What the validator made of it: equal texts mean equal results.
  fingerprint text NOT NULL,
  PRIMARY KEY (job_id, attempt)
);
