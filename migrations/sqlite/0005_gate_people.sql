-- +goose Up

-- The gate, part one: people, their roles, and the stages that tags point to.
--
-- How these triggers are written, here and in the parts that follow:
--   - REPLACE removes the rows it runs into without firing delete triggers, so every insert looks for such rows
--     first, and no update may move a row onto another's key.
--   - UPDATE OR REPLACE turns a null into the column's default after these triggers ran, so they compare with
--     "is" and "is not", which null cannot slip through.
--   - They ask for nothing that a plain sqlite3 shell lacks and for no pragma: they hold with foreign keys off, and with
--     check constraints ignored.
--   - A trigger that refuses writes nothing: while one is at work, it does not fire for what hangs on its own writing.
--   - A connection can have temporary triggers of its own. They fire first, so "old" may be out of date; of the triggers
--     here the one created last fires first. What a rule rests on is read from the table, in the last one to fire.

-- +goose StatementBegin
create trigger users_insert before insert on users
begin
  select raise(abort, 'gate: an id is a text of 36 characters')
   where typeof(new.id) <> 'text' or length(new.id) <> 36;
  select raise(abort, 'gate: a user with this id or email exists already')
   where exists (select 1 from users where id = new.id or email = new.email);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger users_update before update on users
begin
  select raise(abort, 'gate: the id of a user never changes')
   where new.id is not old.id;
  select raise(abort, 'gate: a user with this email exists already')
   where exists (select 1 from users where email = new.email and id <> old.id);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger users_delete before delete on users
begin
  select raise(abort, 'gate: a person who left traces is deactivated, never deleted')
   where exists (select 1 from role_grants where user_id = old.id)
      or exists (select 1 from assets where owner_id = old.id)
      or exists (select 1 from coauthors where user_id = old.id)
      or exists (select 1 from versions where uploaded_by = old.id)
      or exists (select 1 from contributors where user_id = old.id)
      or exists (select 1 from reviews where reviewer_id = old.id)
      or exists (select 1 from approvals where signer_id = old.id)
      or exists (select 1 from publications where old.id in (published_by, ended_by))
      or exists (select 1 from publication_log where by_user = old.id)
      or exists (select 1 from reasons where by_user = old.id)
      or exists (select 1 from purges where "by" = old.id)
      or exists (select 1 from audit_log where actor_id = old.id);
end;
-- +goose StatementEnd

-- A grant is inserted open and ended once. As a new grant has no end, it overlaps with all that end after its begin.
-- +goose StatementBegin
create trigger role_grants_insert before insert on role_grants
begin
  select raise(abort, 'gate: a role is granted to a known user')
   where not exists (select 1 from users where id = new.user_id);
  select raise(abort, 'gate: this grant exists already')
   where exists (select 1 from role_grants
     where user_id = new.user_id and role = new.role and granted_at = new.granted_at);
  select raise(abort, 'gate: this is not a point in time')
   where not (typeof(new.granted_at) = 'text' and new.granted_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00');
  select raise(abort, 'gate: a grant is ended after it was made, not with it')
   where new.revoked_at is not null;
  select raise(abort, 'gate: nobody holds the roles of marketer and approver at the same time')
   where new.role in ('marketer', 'approver')
     and exists (select 1 from role_grants
       where user_id = new.user_id and role in ('marketer', 'approver') and role <> new.role
         and (revoked_at is null or revoked_at > new.granted_at));
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger role_grants_update before update on role_grants
begin
  select raise(abort, 'gate: a grant can only be ended, and only once')
   where new.user_id is not old.user_id
      or new.role is not old.role
      or new.granted_at is not old.granted_at
      or new.revoked_at is null
      or not exists (select 1 from role_grants
        where user_id = old.user_id and role = old.role and granted_at = old.granted_at and revoked_at is null);
  select raise(abort, 'gate: this is not a point in time')
   where not (typeof(new.revoked_at) = 'text' and new.revoked_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00');
  select raise(abort, 'gate: a grant cannot end before it began')
   where new.revoked_at < old.granted_at;
  select raise(abort, 'gate: a grant cannot end before a signature that rests on it')
   where old.role = 'approver'
     and exists (select 1 from approvals where signer_id = old.user_id and signed_at > new.revoked_at);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger role_grants_delete before delete on role_grants
begin
  select raise(abort, 'gate: a grant is ended, never deleted');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger stages_insert before insert on stages
begin
  select raise(abort, 'gate: a buying stage with this id or key exists already')
   where exists (select 1 from stages where id = new.id or key = new.key);
end;
-- +goose StatementEnd

-- Stages merge into living ones only and never come back from it. When the one that took over is itself retired, those
-- that were merged into it point on to its successor, so that every tag resolves in one step.
-- +goose StatementBegin
create trigger stages_update before update on stages
begin
  select raise(abort, 'gate: the id of a buying stage never changes')
   where new.id is not old.id;
  select raise(abort, 'gate: a buying stage with this key exists already')
   where exists (select 1 from stages where key = new.key and id <> old.id);
  select raise(abort, 'gate: a merged buying stage stays merged')
   where old.merged_into is not null
     and (new.merged_into is null
       or new.retired_at is null
       or (new.merged_into <> old.merged_into
         and new.merged_into is not (select merged_into from stages where id = old.merged_into)));
  select raise(abort, 'gate: a buying stage is merged into another one that is not retired')
   where new.merged_into is not null and new.merged_into is not old.merged_into
     and not exists (select 1 from stages
       where id = new.merged_into and id <> old.id and retired_at is null and merged_into is null);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger stages_delete before delete on stages
begin
  select raise(abort, 'gate: a buying stage is retired, never deleted');
end;
-- +goose StatementEnd
