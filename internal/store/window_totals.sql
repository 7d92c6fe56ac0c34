-- Half of the pieces, each with its totals up to the day before a window and up to its last day. A piece whose newest
-- totals are older than a bound needs no look-up for it; any other costs one seek. The totals come as one text: a join would
-- look up the day first and then the row. Before the pieces stands what the days changed, from the same moment.
SELECT CAST(NULL AS uuid) AS asset_id,
  CAST(SUM(CASE WHEN day < @from THEN changes ELSE 0 END) AS text) AS before,
  CAST(SUM(CASE WHEN day <= @to THEN changes ELSE 0 END) AS text) AS at_end,
  MAX(day) AS newest
FROM usage_days
UNION ALL
SELECT l.asset_id,
  CASE WHEN SUBSTR(l.totals, 1, 10) < @from THEN l.totals
    ELSE (SELECT t.as_text FROM usage_totals t WHERE t.asset_id = l.asset_id AND t.day < @from ORDER BY t.day DESC LIMIT 1) END,
  CASE WHEN SUBSTR(l.totals, 1, 10) <= @to THEN l.totals
    ELSE (SELECT t.as_text FROM usage_totals t WHERE t.asset_id = l.asset_id AND t.day <= @to ORDER BY t.day DESC LIMIT 1) END,
  CAST(NULL AS text)
FROM usage_latest l
WHERE (SUBSTR(CAST(l.asset_id AS text), 36, 1) < '8') = @half
