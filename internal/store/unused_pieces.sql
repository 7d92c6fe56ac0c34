-- The pieces that a person may see in a report, published or not. Most are published: reading them all in one go costs less than
-- looking up those that are.
SELECT a.id, a.title, a.type, a.owner_id, a.cost_amount, a.cost_currency, a.first_published_on
FROM assets a
WHERE @all OR a.owner_id = @person OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = @person)
