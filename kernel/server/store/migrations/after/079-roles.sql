-- Roles of before were given when nobody had to agree: they hold on.
UPDATE directory.role_assignment SET status = 'active' WHERE status IS NULL;
