-- A copy of this database must not be taken for the original: the feed's cursors carry what this id stands for.
CREATE TABLE privileges.feed_epoch (id uuid PRIMARY KEY);
INSERT INTO privileges.feed_epoch VALUES (gen_random_uuid());

-- How far each receiver has been told.
CREATE TABLE privileges.webhook_cursor (webhook uuid PRIMARY KEY, epoch text NOT NULL, told pg_snapshot NOT NULL);

-- The nightly full snapshot, compressed, kept for a while.
CREATE TABLE privileges.full_snapshot (
  day date PRIMARY KEY, made_at timestamptz NOT NULL, cursor text NOT NULL, practitioners integer NOT NULL, checksum text NOT NULL, body bytea NOT NULL);
