-- The versions that were under review at a given time, of the pieces that a person may see: submitted by then, decided
-- later or not at all, and no newer version beside them by then. A row for each stage that the version was submitted for.
SELECT v.id AS version_id, v.asset_id, v.n, a.title, a.type, a.owner_id, t.stage_id, t.is_primary, v.submitted_at,
  EXISTS (SELECT 1 FROM publications p WHERE p.asset_id = a.id) AS published
FROM (SELECT id FROM versions WHERE state = 'submitted' UNION ALL SELECT version_id FROM reviews WHERE at > @as_of) AS open_then
JOIN versions v ON v.id = open_then.id
JOIN assets a ON a.id = v.asset_id
JOIN version_stages t ON t.version_id = v.id
WHERE v.submitted_at <= @as_of
  AND NOT EXISTS (SELECT 1 FROM versions w WHERE w.asset_id = v.asset_id AND w.n > v.n AND w.created_at <= @as_of)
  AND (@all OR a.owner_id = @person OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = @person))
