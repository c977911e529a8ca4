-- Local accounts: for the trial and for small groups without an identity provider.
CREATE TABLE identity.account (
    vo            text        NOT NULL,
    username      text        NOT NULL,
    subject       text        NOT NULL,
    password_hash text        NOT NULL,
    created       timestamptz NOT NULL DEFAULT now(),
    disabled      boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (vo, username),
    UNIQUE (vo, subject)
);

-- One row for each refresh token given out; the token itself is not kept.
CREATE TABLE identity.refresh_token (
    jti     uuid        PRIMARY KEY,
    login   uuid        NOT NULL, -- the first token of the login that this one descends from
    subject text        NOT NULL, -- <vo>:<sub>
    scope   text        NOT NULL,
    status  smallint    NOT NULL DEFAULT 1 CHECK (status IN (1, 2)), -- 1 good, 2 spent or revoked
    expires timestamptz NOT NULL
);
CREATE INDEX refresh_token_of_subject ON identity.refresh_token (subject) WHERE status = 1;
CREATE INDEX refresh_token_of_login ON identity.refresh_token (login) WHERE status = 1;
CREATE INDEX refresh_token_end ON identity.refresh_token (expires);
