-- Figures of large tables counted beforehand, by unit: whoever may see some units only is answered from their cells.
-- `snapshot`: what the cells hold, but for the units that wait in roll_up_dirty; `fresh_at`: when nothing waited last; `problem`: why it is not kept.
CREATE TABLE kernel.roll_up (
  name text PRIMARY KEY, resource text NOT NULL, snapshot pg_snapshot, fresh_at timestamptz, problem text);
CREATE TABLE kernel.roll_up_cell (
  roll_up text NOT NULL REFERENCES kernel.roll_up (name) ON DELETE CASCADE, unit uuid, keys text[] NOT NULL, n bigint NOT NULL, sums numeric[] NOT NULL, filled bigint[] NOT NULL);
CREATE INDEX roll_up_cell_unit ON kernel.roll_up_cell (roll_up, unit);
-- Units whose records have changed since; null is no unit.
CREATE TABLE kernel.roll_up_dirty (
  roll_up text NOT NULL REFERENCES kernel.roll_up (name) ON DELETE CASCADE, unit uuid, UNIQUE NULLS NOT DISTINCT (roll_up, unit));
