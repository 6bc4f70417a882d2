-- Duplicates merged into one record, and which references of each went over: restoring it takes them back.
CREATE TABLE kernel.merge (
  id uuid PRIMARY KEY, resource text NOT NULL, kept uuid NOT NULL, reason text NOT NULL, at timestamptz NOT NULL, by_person uuid);
CREATE TABLE kernel.merge_part (
  merge uuid NOT NULL REFERENCES kernel.merge, record uuid NOT NULL, moves jsonb NOT NULL, undone_at timestamptz, PRIMARY KEY (merge, record));
CREATE UNIQUE INDEX merge_part_record ON kernel.merge_part (record) WHERE undone_at IS NULL;
