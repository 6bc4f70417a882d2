-- The log is looked through by time, newest first, by what the auditor asks for: each in order, so that a page is read and nothing sorted. By time and not by
-- number: the months are parts of the table, and the newest answers alone.
DROP INDEX kernel.audit_actor;
DROP INDEX kernel.audit_record;
CREATE INDEX audit_at ON kernel.audit_entry (at DESC, seq DESC);
CREATE INDEX audit_actor_at ON kernel.audit_entry (actor, at DESC, seq DESC) WHERE actor IS NOT NULL;
CREATE INDEX audit_record_at ON kernel.audit_entry (record, at DESC, seq DESC) WHERE record IS NOT NULL;
CREATE INDEX audit_act_at ON kernel.audit_entry (act, at DESC, seq DESC);
CREATE INDEX audit_resource_at ON kernel.audit_entry (resource, at DESC, seq DESC) WHERE resource IS NOT NULL;
CREATE INDEX audit_address_at ON kernel.audit_entry (address, at DESC, seq DESC) WHERE address IS NOT NULL;
CREATE INDEX audit_refused_at ON kernel.audit_entry (outcome, at DESC, seq DESC) WHERE outcome <> 'done';
