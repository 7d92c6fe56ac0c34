-- Half of the pieces that a person may see, each with its totals of every day in a span and the last ones before it, as
-- one text each: a piece costs one seek and a walk along its own days.
SELECT a.id,
  (SELECT t.as_text FROM usage_totals t WHERE t.asset_id = a.id AND t.day < @from ORDER BY t.day DESC LIMIT 1) AS before,
  (SELECT STRING_AGG(t.as_text, ',') FROM usage_totals t WHERE t.asset_id = a.id AND t.day >= @from AND t.day <= @to) AS days
FROM assets a
WHERE (SUBSTR(CAST(a.id AS text), 36, 1) < '8') = @half
  AND (@all OR a.owner_id = @person OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = @person))
