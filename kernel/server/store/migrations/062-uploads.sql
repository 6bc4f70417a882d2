-- Uploads in parts: what has arrived stays through a cut, a reload and a restart. The parts lie beside the files until all are there.
CREATE TABLE kernel.upload (
  id uuid PRIMARY KEY, person uuid NOT NULL, name text NOT NULL, bytes bigint NOT NULL, mark text NOT NULL, sha256 text,
  at timestamptz NOT NULL, seen_at timestamptz NOT NULL, file uuid);
CREATE INDEX upload_person ON kernel.upload (person, at);
CREATE INDEX upload_seen ON kernel.upload (seen_at);
CREATE TABLE kernel.upload_part (
  upload uuid NOT NULL REFERENCES kernel.upload ON DELETE CASCADE, part integer NOT NULL, crc32 text NOT NULL, PRIMARY KEY (upload, part));
-- Since when nothing names a file any more; putting it somewhere takes that back.
ALTER TABLE kernel.file ADD COLUMN orphan_since timestamptz;
CREATE INDEX file_orphan ON kernel.file (orphan_since) WHERE orphan_since IS NOT NULL;
CREATE INDEX file_hash ON kernel.file (hash);
