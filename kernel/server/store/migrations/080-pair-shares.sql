-- In how large a part of a table's searchable texts each pair of letters stands, as the last ANALYZE found: a search is put by its rarest pairs. What it gathered
-- of an index is told to the index's owner only.
CREATE FUNCTION kernel.pair_shares(from_rows float8) RETURNS TABLE (name text, pair text, share real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT format('"%s"."%s"', n.nspname, t.relname), m.pair, m.share
  FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = i.relname AND s.attname = 'bigrams',
    -- After the elements' shares stand the least, the greatest and that of the empty.
    unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs[:cardinality(s.most_common_elems::text::text[])]) AS m (pair, share)
  WHERE t.relkind = 'r' AND t.reltuples >= from_rows
$$;
