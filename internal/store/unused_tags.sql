-- The stages, beside the primary one, that the versions published at a given time were signed with.
SELECT s.version_id, s.stage_id
FROM (SELECT MAX(seq) AS seq FROM publication_log WHERE at <= @as_of GROUP BY asset_id) AS latest
JOIN publication_log l ON l.seq = latest.seq AND l.event <> 'ended'
JOIN version_stages s ON s.version_id = l.version_id AND s.stage_id <> l.stage_id
