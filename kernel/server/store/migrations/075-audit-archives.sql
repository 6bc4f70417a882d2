-- Months of the audit that lie in archives: which seals they hold, and which of those seals' entries are still here because they belong to a younger month.
-- `mac` is made with the key of the seals: a line that somebody adds to hide what he removed does not hold.
CREATE TABLE kernel.audit_archive (
  number integer PRIMARY KEY, month date NOT NULL UNIQUE, at timestamptz NOT NULL, folder text NOT NULL,
  epoch integer NOT NULL, last_seal integer NOT NULL, entries bigint NOT NULL, rows bigint NOT NULL,
  kept bytea NOT NULL, mac bytea NOT NULL, dropped_at timestamptz);

-- Half a year at least, whoever writes the setting.
ALTER TABLE kernel.setting ADD CONSTRAINT audit_months CHECK (
  name <> 'auditMonths' OR CASE WHEN jsonb_typeof(value) = 'number' THEN (value #>> '{}')::numeric BETWEEN 6 AND 240 ELSE false END);

-- The months whose time is over, the oldest first. By the database's own clock: no process can say that it is later than it is.
CREATE FUNCTION kernel.audit_months_over() RETURNS SETOF date LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT month FROM (
    SELECT to_date(substr(c.relname, 13), 'YYYY_MM') AS month FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'kernel.audit_entry'::regclass AND c.relname ~ '^audit_entry_\d{4}_\d{2}$') m
  WHERE (month + interval '1 month') AT TIME ZONE 'UTC'
    + make_interval(months => greatest(6, coalesce((SELECT (value #>> '{}')::int FROM kernel.setting WHERE name = 'auditMonths'), 36))) <= clock_timestamp()
  ORDER BY month $$;

-- The only way in which a month leaves: it is over, and an archive holds as many entries as stand here. Nobody but the sealer may call it.
CREATE FUNCTION kernel.drop_audit_month(gone date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  part text := 'audit_entry_' || to_char(gone, 'YYYY_MM');
  here bigint;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM kernel.audit_months_over() m WHERE m = gone) THEN
    RAISE EXCEPTION 'audit of % is still to be kept', gone USING ERRCODE = '42501';
  END IF;
  EXECUTE format('LOCK TABLE kernel.%I IN ACCESS EXCLUSIVE MODE', part);
  EXECUTE format('SELECT count(*) FROM kernel.%I', part) INTO here;
  UPDATE kernel.audit_archive SET dropped_at = clock_timestamp() WHERE month = gone AND dropped_at IS NULL AND rows = here;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no archive holds the % entries of %', here, gone USING ERRCODE = '42501';
  END IF;
  EXECUTE format('DROP TABLE kernel.%I', part);
END $$;
REVOKE EXECUTE ON FUNCTION kernel.drop_audit_month(date), kernel.audit_months_over() FROM PUBLIC;
