-- The keys under which the protected values of one record are sealed: one for what is erased with its person, one for the rest. Wrapped under the
-- hospital's data key; destroyed by emptying `wrapped`, which is all that the serving role may change. A superseded key opens and no longer seals.
CREATE TABLE kernel.subject_key (
  id uuid PRIMARY KEY, record uuid NOT NULL, subject text NOT NULL CHECK (subject IN ('person', 'record')),
  data_key integer NOT NULL REFERENCES kernel.data_key, wrapped bytea, created_at timestamptz NOT NULL, superseded_at timestamptz, destroyed_at timestamptz);
CREATE UNIQUE INDEX subject_key_sealing ON kernel.subject_key (record, subject) WHERE wrapped IS NOT NULL AND superseded_at IS NULL;
CREATE INDEX subject_key_superseded ON kernel.subject_key (record) WHERE superseded_at IS NOT NULL;

CREATE FUNCTION kernel.only_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.wrapped IS NOT NULL AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'kernel.subject_key'::regclass), 'USAGE') THEN
    RAISE EXCEPTION 'a key is destroyed, never changed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_destroyed BEFORE UPDATE ON kernel.subject_key FOR EACH ROW EXECUTE FUNCTION kernel.only_destroyed();
