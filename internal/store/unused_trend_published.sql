-- Everything that the publication log has said up to a time, oldest first, about the pieces that a person may see. An
-- entry has a row for each stage of its version beside the primary one, and one when there is none.
SELECT l.asset_id, l.seq, l.event = 'ended' AS ended, l.at, a.type, a.owner_id,
  COALESCE(a.first_published_on, SUBSTR(CAST(l.at AS text), 1, 10)) AS first_published_on,
  l.stage_id, s.stage_id AS other_stage_id
FROM publication_log l
JOIN assets a ON a.id = l.asset_id
LEFT JOIN version_stages s ON @staged AND s.version_id = l.version_id AND s.stage_id <> l.stage_id
WHERE l.at <= @as_of
  AND (@all OR a.owner_id = @person OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = @person))
ORDER BY l.seq
