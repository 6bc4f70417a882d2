-- A version of a flow: declared by the program or published by the hospital, with who, why and the cases that it had to pass.
ALTER TABLE kernel.flow_definition
  ADD COLUMN source text NOT NULL DEFAULT 'program' CHECK (source IN ('program', 'hospital')),
  ADD COLUMN by uuid,
  ADD COLUMN note text NOT NULL DEFAULT '',
  ADD COLUMN tests jsonb NOT NULL DEFAULT '[]';
-- What the hospital drew of a flow: which of its versions is in force (none: the program's), and the draft that is being drawn.
-- `revision` counts the savings, of all drafts that ever were; `program_hash`: what the program declared when the hospital's was published.
CREATE TABLE kernel.flow_design (
  flow text PRIMARY KEY, resource text NOT NULL, in_force integer, program_hash text,
  revision integer NOT NULL DEFAULT 0, base integer, draft jsonb, tests jsonb NOT NULL DEFAULT '[]', at timestamptz NOT NULL, by uuid,
  FOREIGN KEY (flow, in_force) REFERENCES kernel.flow_definition (name, version));
