-- How somebody looks at a list: kept for himself, or shared with whoever may read it. Conditions on protected fields are never stored.
CREATE TABLE kernel.saved_view (
  id uuid PRIMARY KEY, resource text NOT NULL, name text NOT NULL, owner uuid NOT NULL, is_shared boolean NOT NULL DEFAULT false,
  is_locked boolean NOT NULL DEFAULT false, state jsonb NOT NULL, version integer NOT NULL DEFAULT 1, at timestamptz NOT NULL
);
CREATE INDEX saved_view_resource ON kernel.saved_view (resource);
CREATE UNIQUE INDEX saved_view_own_name ON kernel.saved_view (resource, owner, name) WHERE NOT is_shared;
CREATE UNIQUE INDEX saved_view_shared_name ON kernel.saved_view (resource, name) WHERE is_shared;
