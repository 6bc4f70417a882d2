-- Indexes that large tables want beyond those that every table has: by what lists offer (`declared`) or by what was asked and was slow (`asked`). A row says
-- what is wanted; what is there says the catalogue. Their SQL is made from the definitions by who holds the owner's address, never from here.
CREATE TABLE kernel.query_index (
  name text PRIMARY KEY, resource text NOT NULL, keys text[] NOT NULL, origin text NOT NULL CHECK (origin IN ('declared', 'asked')),
  wanted boolean NOT NULL, by uuid, at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0, next_at timestamptz, problem text,
  -- While it is being built: how far (0 to 1), and when that was last seen to be so.
  progress real, seen_at timestamptz
);
-- Questions that were slow or refused: which fields were asked how, never with what. `keys` would make it fast.
CREATE TABLE kernel.slow_question (
  resource text NOT NULL, conditions text[] NOT NULL, sort text[] NOT NULL, scope text NOT NULL, keys text[],
  asked integer NOT NULL, refused integer NOT NULL, longest_ms integer NOT NULL, last_at timestamptz NOT NULL,
  PRIMARY KEY (resource, conditions, sort, scope)
);
