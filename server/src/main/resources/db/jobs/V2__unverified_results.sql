-- Attempts of pilots that nobody vouches for: what they bring counts when a validator has accepted it. The outcome is then
-- UNVERIFIED until that is decided.
ALTER TABLE jobs.attempt ADD COLUMN untrusted boolean NOT NULL DEFAULT false;
-- Where it ran, as the pilot says: a job is not given twice to the same host where several have to agree.
ALTER TABLE jobs.attempt ADD COLUMN host text NOT NULL DEFAULT '';
ALTER TABLE jobs.lease ADD COLUMN untrusted boolean NOT NULL DEFAULT false;
