-- Callers of before become records; their keys stay valid as they were, without a signature. Rights over records could not be used yet.
INSERT INTO security.api_client (id, version, state, created_at, updated_at, name, status, reason, proof, per_minute, rights, search_text)
  SELECT id, 1, 'approved', created_at, created_at, left(name, 60), CASE WHEN disabled_at IS NULL THEN 'active' ELSE 'disabled' END,
    CASE WHEN disabled_at IS NOT NULL THEN '升级前已停用' END, 'bearer', 60000,
    ARRAY(SELECT r FROM unnest(rights) r WHERE r !~ '^(read|create|update|delete|import|export):'), lower(name)
  FROM kernel.api_client;
INSERT INTO kernel.api_key (id, client, hash, created_at)
  SELECT 'ak_' || substr(replace(id::text, '-', ''), 13), id, key_hash, created_at FROM kernel.api_client;
DROP TABLE kernel.api_client;
