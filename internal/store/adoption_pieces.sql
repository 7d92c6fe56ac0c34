-- The pieces published at a given time whose first publication was in a span of time, of those that a person may see, each with the day
-- on which it was first brought to a buyer. A row for each stage of the published version.
SELECT l.asset_id, l.version_id, a.title, a.type, a.owner_id, latest.first_at, t.stage_id, t.is_primary,
  COALESCE((SELECT u.day FROM usage_totals u WHERE u.asset_id = l.asset_id AND u.used > 0 AND u.day <= @to ORDER BY u.day LIMIT 1), '') AS first_used_on
FROM (SELECT MAX(seq) AS seq, CAST(MIN(at) AS text) AS first_at, MIN(at) >= @from AS is_new FROM publication_log WHERE at <= @as_of GROUP BY asset_id) AS latest
JOIN publication_log l ON l.seq = latest.seq AND l.event <> 'ended'
JOIN assets a ON a.id = l.asset_id
JOIN version_stages t ON t.version_id = l.version_id
WHERE latest.is_new
  AND (@all OR a.owner_id = @person OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = @person))
