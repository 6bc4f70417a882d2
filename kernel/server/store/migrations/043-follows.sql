-- Who wants to be told what becomes of a record.
CREATE TABLE kernel.follow (
  person uuid NOT NULL, record uuid NOT NULL, resource text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (person, record));
CREATE INDEX follow_record ON kernel.follow (record);
