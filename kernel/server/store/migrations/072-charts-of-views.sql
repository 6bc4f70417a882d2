-- A kept view may also have a chart.
UPDATE kernel.saved_view SET state = '{"chart": []}'::jsonb || state;
