-- Accounts of before become records; what is left in kernel.credential is what proves them.
INSERT INTO security.account (id, version, state, created_at, updated_at, name, person, status, reason, valid_until, second_factor, must_change, password_at, sign_ins, search_text)
  SELECT account, 1, 'approved', created_at, created_at, name, person, CASE WHEN disabled_at IS NULL THEN 'active' ELSE 'disabled' END,
    CASE WHEN disabled_at IS NOT NULL THEN '升级前已停用' END, (now() + interval '3 years')::date, 'none', must_change, password_at, 0, lower(name)
  FROM kernel.credential WHERE name IS NOT NULL;
ALTER TABLE kernel.credential DROP COLUMN name, DROP COLUMN person, DROP COLUMN disabled_at, DROP COLUMN created_at, DROP COLUMN must_change, DROP COLUMN password_at,
  ADD FOREIGN KEY (account) REFERENCES security.account;
CREATE UNIQUE INDEX account_name_any_case ON security.account (lower(name)) WHERE deleted_at IS NULL;
-- One account a person; programs and officers of the first hour may stand for none.
CREATE UNIQUE INDEX account_of_person ON security.account (person) WHERE person IS NOT NULL AND deleted_at IS NULL;
