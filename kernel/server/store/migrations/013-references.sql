-- What went to the recycle bin by the same act as another record, in order: restoring that one brings it back.
CREATE TABLE kernel.deleted_with (
  record uuid PRIMARY KEY, resource text NOT NULL, root uuid NOT NULL, position bigint GENERATED ALWAYS AS IDENTITY);
CREATE INDEX deleted_with_root ON kernel.deleted_with (root, position);
-- What stays of a record that was taken out of the recycle bin for good: how it is called where it was referred to.
CREATE TABLE kernel.tombstone (
  id uuid PRIMARY KEY, resource text NOT NULL, title text NOT NULL, at timestamptz NOT NULL, actor uuid, reason text NOT NULL);
