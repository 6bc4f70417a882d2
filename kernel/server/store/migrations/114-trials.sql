-- A trial space: drafts that chosen people try in a database of its own, one at a time. `items`: `[{kind, name, revision, content}]` as it was prepared; `program`: the definitions of the program for which its tables were made; `emptied_at`: nothing of what was tried is left.
CREATE TABLE kernel.trial (
  id uuid PRIMARY KEY, label text NOT NULL, items jsonb NOT NULL, people uuid[] NOT NULL, until date NOT NULL, program text NOT NULL, at timestamptz NOT NULL, by uuid NOT NULL, by_name text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'open', 'failed', 'ended')), problem text, left_out text[] NOT NULL DEFAULT '{}', opened_at timestamptz, ended_at timestamptz, ended_why text, emptied_at timestamptz);
CREATE UNIQUE INDEX trial_one ON kernel.trial ((true)) WHERE state IN ('waiting', 'open', 'failed');
