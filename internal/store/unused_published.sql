-- What was published at a given time, and since which day.
SELECT l.asset_id, l.version_id, l.stage_id, SUBSTR(CAST(l.at AS text), 1, 10) AS published_on
FROM (SELECT MAX(seq) AS seq FROM publication_log WHERE at <= @as_of GROUP BY asset_id) AS latest
JOIN publication_log l ON l.seq = latest.seq AND l.event <> 'ended'
