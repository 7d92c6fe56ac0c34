-- What pieces are for and when they are to be looked over again: a row for each persona, one where there is none but a
-- date. Pieces that have neither have no row.
SELECT a.id, a.review_by, f.value AS persona
FROM assets a
LEFT JOIN asset_facets f ON f.asset_id = a.id AND f.facet = 'persona'
WHERE a.review_by IS NOT NULL OR f.value IS NOT NULL
ORDER BY a.id, f.position
