-- Which title a level asks for is said by a rule card; the register of its own is gone.
DROP TABLE IF EXISTS privileges.title_rule;

DO $$
DECLARE t record; args text;
BEGIN
  FOR t IN SELECT * FROM (VALUES ('rules.card', 'rule'), ('rules.signature', 'rule')) v (name, kind)
  LOOP
    args := format('FOR EACH STATEMENT EXECUTE FUNCTION privileges.note_change(%L, %L, %L)', t.kind, '', 'once');
    EXECUTE format('CREATE TRIGGER note_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS news %s', t.name, args);
    EXECUTE format('CREATE TRIGGER note_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS olds NEW TABLE AS news %s', t.name, args);
    EXECUTE format('CREATE TRIGGER note_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS olds %s', t.name, args);
  END LOOP;
END $$;
