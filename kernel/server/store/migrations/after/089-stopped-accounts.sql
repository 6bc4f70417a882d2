-- Accounts that were stopped before it was kept when and by whom: their history tells.
UPDATE security.account a SET stopped_at = h.at, stopped_by = h.actor
FROM (SELECT DISTINCT ON (record) record, at, actor FROM kernel.history WHERE resource = 'security.account' AND changes ? 'status' ORDER BY record, version DESC) h
WHERE h.record = a.id AND a.status <> 'active' AND a.stopped_at IS NULL;
