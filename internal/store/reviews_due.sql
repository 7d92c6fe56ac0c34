-- The pieces published at a given time, of those that a person may see, whose review date is up to a day, or whose owner
-- is one of the given people. A row for each stage of the published version.
SELECT l.version_id, a.id AS asset_id, v.n, a.title, a.type, a.owner_id, COALESCE(a.review_by, '') AS review_by, t.stage_id, t.is_primary,
  EXISTS (SELECT 1 FROM publications p WHERE p.asset_id = a.id) AS published
FROM (SELECT MAX(seq) AS seq FROM publication_log WHERE at <= @as_of GROUP BY asset_id) AS latest
JOIN publication_log l ON l.seq = latest.seq AND l.event <> 'ended'
JOIN assets a ON a.id = l.asset_id
JOIN versions v ON v.id = l.version_id
JOIN version_stages t ON t.version_id = l.version_id
WHERE (a.review_by <= @until OR {owned by one of them})
  AND (@all OR a.owner_id = @person OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = @person))
