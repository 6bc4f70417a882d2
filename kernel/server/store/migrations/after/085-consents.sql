-- What somebody has agreed to is only added to. A merging of two people may name the one that stays.
CREATE FUNCTION kernel.only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - ARRAY['person', 'version', 'updated_at', 'updated_by']) = (to_jsonb(OLD) - ARRAY['person', 'version', 'updated_at', 'updated_by']) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON personal.consent FOR EACH ROW EXECUTE FUNCTION kernel.only_added();
