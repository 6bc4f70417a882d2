-- Who comes from outside is one person: no subject of a provider belongs to two accounts, or waits twice.
CREATE UNIQUE INDEX binding_open ON security.binding (provider, subject) WHERE status IN ('waiting', 'active') AND deleted_at IS NULL;
