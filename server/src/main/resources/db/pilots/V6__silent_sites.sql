-- Sites of several machines of which nobody is heard: few rows, none as a rule.
CREATE TABLE pilots.silent_site (
  site text PRIMARY KEY,
  -- The last word from there.
  since timestamptz NOT NULL,
  -- When somebody there was heard again; NULL: nobody was.
  heard_again timestamptz
);
