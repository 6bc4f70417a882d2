-- A kept view also says how its list is drawn, which columns stay at the left, and what stands out.
UPDATE kernel.saved_view SET state = '{"look": "", "pinned": [], "formats": []}'::jsonb || state;
