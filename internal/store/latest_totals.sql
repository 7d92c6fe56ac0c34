-- The newest totals of every piece. Before the pieces stands what the days changed, from the same moment.
SELECT CAST(NULL AS uuid) AS asset_id,
  CAST(SUM(CASE WHEN day < @from THEN changes ELSE 0 END) AS text) AS before,
  CAST(SUM(CASE WHEN day <= @to THEN changes ELSE 0 END) AS text) AS at_end,
  MAX(day) AS newest
FROM usage_days
UNION ALL
SELECT asset_id, CAST(NULL AS text), totals, CAST(NULL AS text) FROM usage_latest
