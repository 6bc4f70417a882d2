-- What the system keeps from other records (lookups, roll-ups) and has not yet worked out anew: more than an act may wait for. `sources` are records of the
-- kept field's own table, or, where `through` names one, of a table on the way to it; null means all. `after` is how far the work has come.
CREATE TABLE kernel.derived_due (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, resource text NOT NULL, field text NOT NULL, through integer, sources uuid[], after uuid, at timestamptz NOT NULL);
CREATE INDEX derived_due_resource ON kernel.derived_due (resource);
-- By which definition each of them was worked out: a changed one is worked out anew.
CREATE TABLE kernel.derived_known (resource text NOT NULL, field text NOT NULL, definition text NOT NULL, PRIMARY KEY (resource, field));
