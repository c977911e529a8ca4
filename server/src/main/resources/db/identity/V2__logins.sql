-- Logins in a browser that are on their way: a device that waits for its user, or a page that waits for its code. They last for
-- minutes; codes and cookies are kept as SHA-256 only.
CREATE TABLE identity.login_flow (
    id            uuid        PRIMARY KEY,
    kind          text        NOT NULL CHECK (kind IN ('device', 'code')),
    -- started; named: the user of a device is known and is asked; ready: tokens may be fetched, once; done: they were; refused
    state         text        NOT NULL DEFAULT 'started' CHECK (state IN ('started', 'named', 'ready', 'done', 'refused')),
    client        text        NOT NULL,
    scope         text        NOT NULL,
    user_code     text        UNIQUE,  -- of a device
    secret_hash   text        UNIQUE,  -- of the device code, or of the code that the page was given
    redirect_uri  text,                -- of a page, with the two that follow
    challenge     text,                -- PKCE, S256
    client_state  text,
    cookie_hash   text,                -- the browser in which the login goes on
    form_token    text,                -- stands in the forms shown to that browser
    provider_hash text        UNIQUE,  -- of the state sent to the identity provider, until it comes back
    nonce         text,
    verifier      text,                -- PKCE towards the identity provider
    subject       text,                -- <sub>, once known
    reason        text,                -- why it was refused; nothing: the user said no
    login         uuid,                -- the first refresh token that came of it
    expires       timestamptz NOT NULL
);
CREATE INDEX login_flow_end ON identity.login_flow (expires);
