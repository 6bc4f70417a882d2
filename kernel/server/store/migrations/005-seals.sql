-- The sealer finds new entries by transaction.
CREATE INDEX history_tx ON kernel.history (tx);
CREATE INDEX audit_tx ON kernel.audit_entry (tx);
