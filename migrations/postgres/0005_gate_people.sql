-- +goose Up

-- The gate, part one: people, their roles, and the stages that tags point to.
--
-- How these triggers are written, here and in the parts that follow:
--   - Each first takes the row its rule hangs on (asset, then version, then user), so that two changes which only
--     together break a rule come one after the other. It takes it by an update that changes nothing: for other
--     sessions that is a row lock, and a session on an older snapshot (REPEATABLE READ) fails instead of deciding
--     on what it can no longer see.
--   - They are "enable always", so that they also fire in a session that plays replica.
--   - They run with the rights of whoever writes: select, insert, update and delete on the tables are enough.

-- +goose StatementBegin
create function gate_take_user(wanted uuid) returns boolean language plpgsql as $$
begin
  update users set active = active where id = wanted;
  return found;
end;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function gate_refuse_truncate() returns trigger language plpgsql as $$
begin
  raise exception 'gate: % is never emptied', tg_table_name;
end;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function gate_users_insert() returns trigger language plpgsql as $$
begin
  if exists (select 1 from users where id = new.id or email = new.email) then
    raise exception 'gate: a user with this id or email exists already' using errcode = 'unique_violation';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger users_insert before insert on users for each row execute function gate_users_insert();
alter table users enable always trigger users_insert;

-- +goose StatementBegin
create function gate_users_update() returns trigger language plpgsql as $$
begin
  if new.id is distinct from old.id then
    raise exception 'gate: the id of a user never changes';
  end if;
  if exists (select 1 from users where email = new.email and id <> old.id) then
    raise exception 'gate: a user with this email exists already' using errcode = 'unique_violation';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger users_update before update on users for each row execute function gate_users_update();
alter table users enable always trigger users_update;

-- +goose StatementBegin
create function gate_users_delete() returns trigger language plpgsql as $$
begin
  if exists (select 1 from role_grants where user_id = old.id)
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
      or exists (select 1 from audit_log where actor_id = old.id) then
    raise exception 'gate: a person who left traces is deactivated, never deleted';
  end if;
  return old;
end;
$$;
-- +goose StatementEnd

create trigger users_delete before delete on users for each row execute function gate_users_delete();
alter table users enable always trigger users_delete;

-- A grant is inserted open and ended once. As a new grant has no end, it overlaps with all that end after its begin.
-- +goose StatementBegin
create function gate_role_grants_insert() returns trigger language plpgsql as $$
begin
  if not gate_take_user(new.user_id) then
    raise exception 'gate: a role is granted to a known user';
  end if;
  if exists (select 1 from role_grants
      where user_id = new.user_id and role = new.role and granted_at = new.granted_at) then
    raise exception 'gate: this grant exists already' using errcode = 'unique_violation';
  end if;
  if not isfinite(new.granted_at) then
    raise exception 'gate: this is not a point in time';
  end if;
  if new.revoked_at is not null then
    raise exception 'gate: a grant is ended after it was made, not with it';
  end if;
  if new.role in ('marketer', 'approver')
      and exists (select 1 from role_grants
        where user_id = new.user_id and role in ('marketer', 'approver') and role <> new.role
          and (revoked_at is null or revoked_at > new.granted_at)) then
    raise exception 'gate: nobody holds the roles of marketer and approver at the same time';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger role_grants_insert before insert on role_grants for each row execute function gate_role_grants_insert();
alter table role_grants enable always trigger role_grants_insert;

-- +goose StatementBegin
create function gate_role_grants_update() returns trigger language plpgsql as $$
begin
  if new.user_id is distinct from old.user_id
      or new.role is distinct from old.role
      or new.granted_at is distinct from old.granted_at
      or old.revoked_at is not null
      or new.revoked_at is null then
    raise exception 'gate: a grant can only be ended, and only once';
  end if;
  perform gate_take_user(old.user_id);
  if not isfinite(new.revoked_at) then
    raise exception 'gate: this is not a point in time';
  end if;
  if new.revoked_at < old.granted_at then
    raise exception 'gate: a grant cannot end before it began';
  end if;
  if old.role = 'approver'
      and exists (select 1 from approvals where signer_id = old.user_id and signed_at > new.revoked_at) then
    raise exception 'gate: a grant cannot end before a signature that rests on it';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger role_grants_update before update on role_grants for each row execute function gate_role_grants_update();
alter table role_grants enable always trigger role_grants_update;

-- +goose StatementBegin
create function gate_role_grants_delete() returns trigger language plpgsql as $$
begin
  raise exception 'gate: a grant is ended, never deleted';
end;
$$;
-- +goose StatementEnd

create trigger role_grants_delete before delete on role_grants for each row execute function gate_role_grants_delete();
alter table role_grants enable always trigger role_grants_delete;

-- +goose StatementBegin
create function gate_stages_insert() returns trigger language plpgsql as $$
begin
  if exists (select 1 from stages where id = new.id or key = new.key) then
    raise exception 'gate: a buying stage with this id or key exists already' using errcode = 'unique_violation';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger stages_insert before insert on stages for each row execute function gate_stages_insert();
alter table stages enable always trigger stages_insert;

-- Stages merge into living ones only and never come back from it. When the one that took over is itself retired, those
-- that were merged into it point on to its successor, so that every tag resolves in one step.
-- +goose StatementBegin
create function gate_stages_update() returns trigger language plpgsql as $$
begin
  if new.id is distinct from old.id then
    raise exception 'gate: the id of a buying stage never changes';
  end if;
  if old.merged_into is not null
      and (new.merged_into is null
        or new.retired_at is null
        or (new.merged_into <> old.merged_into
          and new.merged_into is distinct from (select merged_into from stages where id = old.merged_into))) then
    raise exception 'gate: a merged buying stage stays merged';
  end if;
  if new.merged_into is not null and new.merged_into is distinct from old.merged_into then
    perform 1 from stages
      where id = new.merged_into and id <> old.id and retired_at is null and merged_into is null for update;
    if not found then
      raise exception 'gate: a buying stage is merged into another one that is not retired';
    end if;
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger stages_update before update on stages for each row execute function gate_stages_update();
alter table stages enable always trigger stages_update;

-- +goose StatementBegin
create function gate_stages_delete() returns trigger language plpgsql as $$
begin
  raise exception 'gate: a buying stage is retired, never deleted';
end;
$$;
-- +goose StatementEnd

create trigger stages_delete before delete on stages for each row execute function gate_stages_delete();
alter table stages enable always trigger stages_delete;

create trigger users_truncate before truncate on users for each statement execute function gate_refuse_truncate();
alter table users enable always trigger users_truncate;

create trigger role_grants_truncate before truncate on role_grants for each statement execute function gate_refuse_truncate();
alter table role_grants enable always trigger role_grants_truncate;

create trigger stages_truncate before truncate on stages for each statement execute function gate_refuse_truncate();
alter table stages enable always trigger stages_truncate;

-- The functions read the tables beside them and the system's own, and nothing that a session puts in between.
-- +goose StatementBegin
do $$
declare
  f regprocedure;
begin
  for f in select oid from pg_proc where pronamespace = current_schema()::regnamespace and starts_with(proname, 'gate_') loop
    execute format('alter function %s set search_path = pg_catalog, %I, pg_temp', f, current_schema());
  end loop;
end;
$$;
-- +goose StatementEnd
