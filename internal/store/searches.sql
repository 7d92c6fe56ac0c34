-- What reps searched for with words in a span of time, by text, filters, person and how it ended: how often, and the last
-- day. It ended with nothing when nothing was found. It was opened when within half an hour of its end the person used a
-- piece which the search had shown, or a use names the search; else it was unopened. The inner part is materialised, so
-- that how a search ended is found out once. Of people who are forgotten it was written down.
WITH r AS MATERIALIZED (
  SELECT s.q, s.filters, s.user_id, SUBSTR(CAST(s.at AS text), 1, 10) AS on_day,
    {how it ended} AS ended
  FROM searches s
  CROSS JOIN role_grants g
  WHERE s.at >= @from AND s.at < @until AND s.q <> ''
    AND g.user_id = s.user_id AND g.role = 'rep' AND g.granted_at <= s.at AND (g.revoked_at IS NULL OR s.at < g.revoked_at)
  UNION ALL
  SELECT s.q, s.filters, s.user_id, SUBSTR(CAST(s.at AS text), 1, 10), s.ended
  FROM searches s
  WHERE s.user_id IS NULL AND s.at >= @from AND s.at < @until AND s.ended <> 'none'
)
SELECT r.q, r.filters, r.user_id, r.ended, COUNT(*) AS times, MAX(r.on_day) AS last_on
FROM r
GROUP BY r.q, r.filters, r.user_id, r.ended
