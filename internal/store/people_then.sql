-- Everybody, with whether they were active, an approver and a rep at a given time. The first change of the account after that
-- time tells what it was before.
SELECT u.id, u.name, u.team,
  CASE (SELECT l.action FROM audit_log l
      WHERE l.subject_kind = 'user' AND l.subject_id = CAST(u.id AS text) AND l.at > @at AND l.action IN ('user.activated', 'user.deactivated')
      ORDER BY l.seq LIMIT 1)
    WHEN 'user.activated' THEN false WHEN 'user.deactivated' THEN true ELSE u.active END AS active,
  EXISTS (SELECT 1 FROM role_grants g WHERE g.user_id = u.id AND g.role = 'approver'
    AND g.granted_at <= @at AND (g.revoked_at IS NULL OR g.revoked_at > @at)) AS approver,
  EXISTS (SELECT 1 FROM role_grants g WHERE g.user_id = u.id AND g.role = 'rep'
    AND g.granted_at <= @at AND (g.revoked_at IS NULL OR g.revoked_at > @at)) AS rep
FROM users u
