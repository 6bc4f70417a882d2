-- What a stranger is told who holds a paper stands sealed under the key of its record, so that it goes with the record, or the person, in copies of the database too.
-- What stood in the clear is not kept: papers from before prove themselves by hospital, kind, number and day.
ALTER TABLE kernel.print ADD COLUMN told bytea;
ALTER TABLE kernel.print DROP COLUMN shown;
