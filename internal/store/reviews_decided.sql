-- The decisions of a span of time on the pieces that a person may see, each with the decision before it on the same
-- piece, and a row for each stage that its version was submitted for.
SELECT v.id AS version_id, v.asset_id, v.n, a.title, a.type, a.owner_id, t.stage_id, t.is_primary, v.submitted_at,
  EXISTS (SELECT 1 FROM publications p WHERE p.asset_id = a.id) AS published,
  r.decision, r.comment, r.at AS decided_at,
  COALESCE((SELECT e.decision FROM versions w JOIN reviews e ON e.version_id = w.id
    WHERE w.asset_id = v.asset_id AND w.n < v.n ORDER BY w.n DESC LIMIT 1), '') AS decision_before
FROM reviews r
JOIN versions v ON v.id = r.version_id
JOIN assets a ON a.id = v.asset_id
JOIN version_stages t ON t.version_id = v.id
WHERE r.at >= @from AND r.at <= @as_of
  AND (@all OR a.owner_id = @person OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = @person))
