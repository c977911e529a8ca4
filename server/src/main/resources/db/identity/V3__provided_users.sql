-- What identity providers said of users at their last login. Names are kept for good: jobs are owned by them.
CREATE TABLE identity.provided_user (
    vo       text        NOT NULL,
    subject  text        NOT NULL, -- sub
    issuer   text        NOT NULL,
    username text        NOT NULL,
    groups   text[]      NOT NULL, -- as the provider calls them
    seen     timestamptz NOT NULL,
    PRIMARY KEY (vo, subject),
    UNIQUE (vo, username)
);
