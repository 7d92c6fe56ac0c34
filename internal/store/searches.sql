-- What reps searched for with words in a span of time, by text, filters and person: how often, how often nothing was
-- found, and how often nothing was opened of what was. Opened means that within half an hour of its end the person used
-- a piece which the search had shown, or that a use names the search.
SELECT r.q, r.filters, r.user_id, COUNT(*) AS times,
  SUM(CASE WHEN r.total = 0 THEN 1 ELSE 0 END) AS found_nothing, MAX(CASE WHEN r.total = 0 THEN r.on_day END) AS found_nothing_on,
  SUM(CASE WHEN r.unopened THEN 1 ELSE 0 END) AS unopened, MAX(CASE WHEN r.unopened THEN r.on_day END) AS unopened_on
FROM (
  SELECT s.q, s.filters, s.user_id, s.total, SUBSTR(CAST(s.at AS text), 1, 10) AS on_day,
    s.total > 0 AND NOT EXISTS (
      SELECT 1 FROM usage_events e
      WHERE e.user_id = s.user_id AND e.occurred_at >= s.at AND e.occurred_at <= {half an hour later}
        AND (e.search_id = s.id OR CAST(s.shown AS text) LIKE '%' || CAST(e.asset_id AS text) || '%')
    ) AS unopened
  FROM role_grants g
  JOIN searches s ON s.user_id = g.user_id AND s.at >= g.granted_at AND (g.revoked_at IS NULL OR s.at < g.revoked_at)
  WHERE g.role = 'rep' AND s.at >= @from AND s.at <= @to AND s.q <> ''
) AS r
GROUP BY r.q, r.filters, r.user_id
