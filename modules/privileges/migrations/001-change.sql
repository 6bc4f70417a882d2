-- Every change of a record that the answer to "may he?" depends on, in the transaction of the change itself. It is the version of the
-- memory that answers the HIS, and the feed that tells the HIS. `tx` decides what is visible; `seq` only orders.
CREATE TABLE privileges.change (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text NOT NULL, op text NOT NULL, record uuid, practitioner uuid);
CREATE INDEX change_tx ON privileges.change (tx);
COMMENT ON TABLE privileges.change IS 'append-only';

-- Runs as the owner: the serving role cannot write a change that did not happen, nor leave one out.
-- Arguments: kind, and the column that names the person; without one the whole statement counts as one change when the third is 'once'.
CREATE FUNCTION privileges.note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person text := CASE WHEN TG_ARGV[1] = '' THEN 'NULL::uuid' ELSE quote_ident(TG_ARGV[1]) END;
  touched text := CASE TG_OP WHEN 'INSERT' THEN format('SELECT id, %s AS person FROM news', person)
                             WHEN 'DELETE' THEN format('SELECT id, %s AS person FROM olds', person)
                             ELSE format('SELECT id, %1$s AS person FROM news UNION SELECT id, %1$s FROM olds', person) END;
BEGIN
  IF TG_ARGV[2] = 'once' THEN touched := format('SELECT NULL::uuid AS id, NULL::uuid AS person WHERE EXISTS (%s)', touched); END IF;
  EXECUTE format('INSERT INTO privileges.change (kind, op, record, practitioner) SELECT %L, %L, id, person FROM (%s) t', TG_ARGV[0], lower(TG_OP), touched);
  RETURN NULL;
END $$;

DO $$
DECLARE t record; args text;
BEGIN
  FOR t IN SELECT * FROM (VALUES
    ('privileges."grant"', 'grant', 'practitioner', ''), ('privileges.suspension', 'suspension', 'practitioner', ''),
    ('staff.registration', 'registration', 'practitioner', ''), ('directory.person', 'person', 'id', ''),
    ('directory.membership', 'membership', 'person', ''), ('directory.identifier', 'identifier', 'person', ''),
    ('privileges.procedure', 'procedure', '', ''), ('privileges.code_mapping', 'mapping', '', 'once'),
    ('privileges.standard_procedure', 'standard', '', 'once'), ('directory.unit', 'unit', '', ''),
    ('privileges.check_mode', 'mode', '', '')) v (name, kind, person, many)
  LOOP
    args := format('FOR EACH STATEMENT EXECUTE FUNCTION privileges.note_change(%L, %L, %L)', t.kind, t.person, t.many);
    EXECUTE format('CREATE TRIGGER note_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS news %s', t.name, args);
    EXECUTE format('CREATE TRIGGER note_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS olds NEW TABLE AS news %s', t.name, args);
    EXECUTE format('CREATE TRIGGER note_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS olds %s', t.name, args);
  END LOOP;
END $$;
