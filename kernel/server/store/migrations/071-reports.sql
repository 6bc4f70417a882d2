-- Reports that people have put together of any fields: kept and shared under the rules of list views. `resource` is the type they begin from.
CREATE TABLE kernel.report (
  id uuid PRIMARY KEY, resource text NOT NULL, name text NOT NULL, owner uuid NOT NULL, is_shared boolean NOT NULL DEFAULT false,
  is_locked boolean NOT NULL DEFAULT false, state jsonb NOT NULL, version integer NOT NULL DEFAULT 1, at timestamptz NOT NULL
);
CREATE UNIQUE INDEX report_own_name ON kernel.report (owner, name) WHERE NOT is_shared;
CREATE UNIQUE INDEX report_shared_name ON kernel.report (name) WHERE is_shared;
