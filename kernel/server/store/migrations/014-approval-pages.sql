-- Signatures and pictures that were said in an approval: whoever may look at it may see them.
CREATE TABLE kernel.flow_file (file uuid NOT NULL, instance uuid NOT NULL, PRIMARY KEY (file, instance));
INSERT INTO kernel.flow_file (file, instance)
  SELECT DISTINCT f.file::uuid, e.instance FROM kernel.flow_event e
    CROSS JOIN LATERAL (VALUES (e.event->>'signature'), (e.event->'decision'->>'signature'), (e.event->'decision'->'meeting'->>'scan')) AS f(file)
  WHERE e.type IN ('submitted', 'resubmitted', 'resumed', 'decided') AND f.file IS NOT NULL ON CONFLICT DO NOTHING;
-- What was sealed of one approval stands on its printed form.
CREATE INDEX seal_use_instance ON kernel.seal_use (instance);
-- What a person likes to have at hand, wherever he signs in: the record types he often asks for. Never data of records.
CREATE TABLE kernel.preference (account uuid NOT NULL, name text NOT NULL, value jsonb NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (account, name));
