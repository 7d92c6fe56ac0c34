-- Half of the pieces that were published at a given time, as far as a person may see them. A piece has a row for each stage beside
-- its primary one, and one when there is none.
SELECT a.id, a.title, a.type, a.owner_id, a.cost_amount, a.cost_currency,
  COALESCE(a.first_published_on, SUBSTR(CAST(l.at AS text), 1, 10)) AS first_published_on,
  l.stage_id, s.stage_id AS other_stage_id
FROM (SELECT MAX(seq) AS seq FROM publication_log WHERE at <= @as_of GROUP BY asset_id) AS latest
JOIN publication_log l ON l.seq = latest.seq AND l.event <> 'ended'
JOIN assets a ON a.id = l.asset_id
LEFT JOIN version_stages s ON s.version_id = l.version_id AND s.stage_id <> l.stage_id
WHERE latest.seq % 2 = @half
  AND (@all OR a.owner_id = @person OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = @person))
