-- 封账: to which day the records of a type are closed. Each act is a row; the last one holds, null closes nothing.
CREATE TABLE kernel.closing (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, resource text NOT NULL, act text NOT NULL, through date, reason text NOT NULL,
  at timestamptz NOT NULL, by_person uuid NOT NULL);
CREATE INDEX closing_of ON kernel.closing (resource, seq DESC);
