-- What was erased for good: mirrored in the deletion ledger outside the database, so that a restored copy loses it again. Only added to.
-- `subject` person: only what goes with the person whose row it is; null: all that is protected. `is_gone`: the row itself went.
CREATE TABLE kernel.erasure (
  id uuid PRIMARY KEY, at timestamptz NOT NULL, resource text NOT NULL, record uuid NOT NULL, subject text CHECK (subject = 'person'), is_gone boolean NOT NULL);
