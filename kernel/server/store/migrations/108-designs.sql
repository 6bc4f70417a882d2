-- What the hospital makes itself. A release is one publish: `standing` names the version of every piece then in force, `{kind: {name: version}}`.
CREATE TABLE kernel.release (
  no integer PRIMARY KEY, act text NOT NULL CHECK (act IN ('publish', 'rollBack', 'import')), at timestamptz NOT NULL, by uuid, note text NOT NULL DEFAULT '', words jsonb NOT NULL, standing jsonb NOT NULL);
-- Every content that was ever in force, for good; a null content takes its piece out of force.
CREATE TABLE kernel.design_version (
  kind text NOT NULL, name text NOT NULL, version integer NOT NULL, release integer NOT NULL REFERENCES kernel.release, content jsonb, PRIMARY KEY (kind, name, version));
-- One draft a piece; `revision` rises with every saving, `in_force` is null where nothing is.
CREATE TABLE kernel.design (
  kind text NOT NULL, name text NOT NULL, in_force integer, draft jsonb, revision integer NOT NULL DEFAULT 0, at timestamptz NOT NULL, by uuid, PRIMARY KEY (kind, name),
  FOREIGN KEY (kind, name, in_force) REFERENCES kernel.design_version (kind, name, version));
-- A publish on its way: what changes tables is worked off by the migrator, one after the other. `items`: `[{kind, name, revision, content}]`; `steps`: what is to be done, in words, and how far it is.
CREATE TABLE kernel.publishing (
  id uuid PRIMARY KEY, at timestamptz NOT NULL, by uuid, by_name text NOT NULL, act text NOT NULL, note text NOT NULL DEFAULT '', items jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'working', 'ready', 'done', 'failed', 'stopped')), steps jsonb NOT NULL DEFAULT '[]', step integer NOT NULL DEFAULT 0, beat_at timestamptz, problem text, release integer);
CREATE INDEX publishing_open ON kernel.publishing (at) WHERE state IN ('waiting', 'working', 'ready');
-- What is in force now, as a release keeps it: flows and reminders of the hospital, which have tables of their own, among it.
CREATE FUNCTION kernel.note_standing(release_no integer) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = kernel, pg_temp AS $$
  UPDATE kernel.release SET standing = (
    SELECT coalesce(jsonb_object_agg(kind, pieces), '{}') FROM (
      SELECT kind, jsonb_object_agg(name, in_force) AS pieces FROM (
        SELECT d.kind, d.name, d.in_force FROM kernel.design d JOIN kernel.design_version v USING (kind, name) WHERE v.version = d.in_force AND v.content IS NOT NULL
        UNION ALL SELECT 'flow', flow, in_force FROM kernel.flow_design WHERE in_force IS NOT NULL
        UNION ALL SELECT 'reminder', name, in_force FROM kernel.reminder WHERE in_force IS NOT NULL) all_pieces GROUP BY kind) by_kind)
  WHERE no = release_no AND standing = '{}' $$;
