-- A file that came while the scanner was away waits here; nobody opens it before it was scanned, nor ever when a virus was found.
ALTER TABLE kernel.file ADD COLUMN unscanned_since timestamptz, ADD COLUMN virus text;
CREATE INDEX file_unscanned ON kernel.file (unscanned_since) WHERE unscanned_since IS NOT NULL;
