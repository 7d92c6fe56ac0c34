-- +goose Up

-- The gate, part three: decisions, signatures, what is published on them, and the logs.

-- +goose StatementBegin
create function gate_reviews_insert() returns trigger language plpgsql as $$
declare
  v versions;
begin
  v := gate_take_version(new.version_id);
  if exists (select 1 from reviews where id = new.id or version_id = new.version_id) then
    raise exception 'gate: a review of this version exists already' using errcode = 'unique_violation';
  end if;
  if v.asset_id <> new.asset_id or v.state = 'draft' then
    raise exception 'gate: a review is of a version of this asset that was submitted';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger reviews_insert before insert on reviews for each row execute function gate_reviews_insert();
alter table reviews enable always trigger reviews_insert;

-- +goose StatementBegin
create function gate_reviews_update() returns trigger language plpgsql as $$
begin
  raise exception 'gate: a review is never changed';
end;
$$;
-- +goose StatementEnd

create trigger reviews_update before update on reviews for each row execute function gate_reviews_update();
alter table reviews enable always trigger reviews_update;

-- +goose StatementBegin
create function gate_reviews_delete() returns trigger language plpgsql as $$
begin
  raise exception 'gate: a review is never deleted';
end;
$$;
-- +goose StatementEnd

create trigger reviews_delete before delete on reviews for each row execute function gate_reviews_delete();
alter table reviews enable always trigger reviews_delete;

-- +goose StatementBegin
create function gate_approvals_insert() returns trigger language plpgsql as $$
declare
  a assets;
  v versions;
begin
  a := gate_take_asset(new.asset_id);
  v := gate_take_version(new.version_id);
  perform gate_take_user(new.signer_id);
  if exists (select 1 from approvals where id = new.id or version_id = new.version_id) then
    raise exception 'gate: an approval of this version exists already' using errcode = 'unique_violation';
  end if;
  if v.asset_id <> new.asset_id or v.state <> 'submitted' then
    raise exception 'gate: only a submitted version of this asset can be signed';
  end if;
  if new.sha256 !~ '^[0-9a-f]{64}$' then
    raise exception 'gate: a hash is 64 lower-case hexadecimal digits';
  end if;
  if new.sha256 is distinct from v.sha256 then
    raise exception 'gate: the signature is on other bytes than those of the version';
  end if;
  if not isfinite(new.signed_at) then
    raise exception 'gate: this is not a point in time';
  end if;
  if new.signed_at is null or new.signed_at < v.submitted_at then
    raise exception 'gate: a version cannot be signed before it was submitted';
  end if;
  if new.role_held is distinct from 'approver'
      or not exists (select 1 from role_grants
        where user_id = new.signer_id and role = 'approver' and granted_at <= new.signed_at
          and (revoked_at is null or revoked_at > new.signed_at)) then
    raise exception 'gate: only Sales approvers sign, and only while they hold the role';
  end if;
  if new.signer_id in (v.uploaded_by, a.owner_id)
      or exists (select 1 from contributors where version_id = new.version_id and user_id = new.signer_id)
      or exists (select 1 from coauthors where asset_id = new.asset_id and user_id = new.signer_id) then
    raise exception 'gate: nobody signs what they contributed to';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger approvals_insert before insert on approvals for each row execute function gate_approvals_insert();
alter table approvals enable always trigger approvals_insert;

-- +goose StatementBegin
create function gate_approvals_update() returns trigger language plpgsql as $$
begin
  raise exception 'gate: a signature is never changed';
end;
$$;
-- +goose StatementEnd

create trigger approvals_update before update on approvals for each row execute function gate_approvals_update();
alter table approvals enable always trigger approvals_update;

-- +goose StatementBegin
create function gate_approvals_delete() returns trigger language plpgsql as $$
begin
  raise exception 'gate: a signature is never deleted';
end;
$$;
-- +goose StatementEnd

create trigger approvals_delete before delete on approvals for each row execute function gate_approvals_delete();
alter table approvals enable always trigger approvals_delete;

-- +goose StatementBegin
create function gate_purges_insert() returns trigger language plpgsql as $$
begin
  perform gate_take_version(new.version_id);
  if exists (select 1 from purges where version_id = new.version_id) then
    raise exception 'gate: the purge of this version exists already' using errcode = 'unique_violation';
  end if;
  if exists (select 1 from publications where version_id = new.version_id and ended_at is null) then
    raise exception 'gate: bytes cannot be purged while they are published';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger purges_insert before insert on purges for each row execute function gate_purges_insert();
alter table purges enable always trigger purges_insert;

-- +goose StatementBegin
create function gate_purges_update() returns trigger language plpgsql as $$
begin
  raise exception 'gate: the record of a purge is never changed';
end;
$$;
-- +goose StatementEnd

create trigger purges_update before update on purges for each row execute function gate_purges_update();
alter table purges enable always trigger purges_update;

-- +goose StatementBegin
create function gate_purges_delete() returns trigger language plpgsql as $$
begin
  raise exception 'gate: the record of a purge is never deleted';
end;
$$;
-- +goose StatementEnd

create trigger purges_delete before delete on purges for each row execute function gate_purges_delete();
alter table purges enable always trigger purges_delete;

-- +goose StatementBegin
create function gate_publications_insert() returns trigger language plpgsql as $$
declare
  v versions;
begin
  perform gate_take_asset(new.asset_id);
  v := gate_take_version(new.version_id);
  if exists (select 1 from publications where asset_id = new.asset_id) then
    raise exception 'gate: a publication of this asset exists already' using errcode = 'unique_violation';
  end if;
  if new.ended_at is not null or new.ended_by is not null then
    raise exception 'gate: a publication is ended after it was made, not with it';
  end if;
  if not isfinite(new.published_at) then
    raise exception 'gate: this is not a point in time';
  end if;
  if v.asset_id <> new.asset_id or v.state <> 'approved' then
    raise exception 'gate: only an approved version of this asset can be published';
  end if;
  if exists (select 1 from purges where version_id = new.version_id) then
    raise exception 'gate: a version whose bytes were purged cannot be published';
  end if;
  if not exists (select 1 from approvals
      where id = new.approval_id and version_id = new.version_id and asset_id = new.asset_id and sha256 = v.sha256) then
    raise exception 'gate: a version is published on the signature for exactly this version and these bytes';
  end if;
  if not exists (select 1 from version_stages where version_id = new.version_id and stage_id = new.stage_id) then
    raise exception 'gate: a version is published for a buying stage it was signed for';
  end if;
  if not exists (select 1 from approvals where id = new.approval_id and signed_at <= new.published_at) then
    raise exception 'gate: a version cannot be published before it was signed';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger publications_insert before insert on publications for each row execute function gate_publications_insert();
alter table publications enable always trigger publications_insert;

-- +goose StatementBegin
create function gate_publications_update() returns trigger language plpgsql as $$
declare
  v versions;
begin
  if new.asset_id is distinct from old.asset_id then
    raise exception 'gate: a publication does not move to another asset';
  end if;
  if old.ended_at is not null then
    raise exception 'gate: a publication that ended is only deleted';
  end if;
  if not isfinite(new.published_at) or not isfinite(new.ended_at) then
    raise exception 'gate: this is not a point in time';
  end if;
  if new.ended_at < old.published_at then
    raise exception 'gate: a publication cannot end before it began';
  end if;
  if (new.ended_at is not null or new.ended_by is not null)
      and (new.ended_at is null
        or new.version_id is distinct from old.version_id
        or new.approval_id is distinct from old.approval_id
        or new.stage_id is distinct from old.stage_id
        or new.published_at is distinct from old.published_at
        or new.published_by is distinct from old.published_by) then
    raise exception 'gate: a publication is ended without changing what was published';
  end if;
  if new.version_id is not distinct from old.version_id
      and (new.published_at is distinct from old.published_at or new.published_by is distinct from old.published_by) then
    raise exception 'gate: the time and the person of a publication change with its version only';
  end if;
  perform gate_take_asset(new.asset_id);
  v := gate_take_version(new.version_id);
  if v.asset_id <> new.asset_id or v.state <> 'approved' then
    raise exception 'gate: only an approved version of this asset can be published';
  end if;
  if exists (select 1 from purges where version_id = new.version_id) then
    raise exception 'gate: a version whose bytes were purged cannot be published';
  end if;
  if not exists (select 1 from approvals
      where id = new.approval_id and version_id = new.version_id and asset_id = new.asset_id and sha256 = v.sha256) then
    raise exception 'gate: a version is published on the signature for exactly this version and these bytes';
  end if;
  if not exists (select 1 from version_stages where version_id = new.version_id and stage_id = new.stage_id) then
    raise exception 'gate: a version is published for a buying stage it was signed for';
  end if;
  if new.published_at is distinct from old.published_at
      and not exists (select 1 from approvals where id = new.approval_id and signed_at <= new.published_at) then
    raise exception 'gate: a version cannot be published before it was signed';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger publications_update before update on publications for each row execute function gate_publications_update();
alter table publications enable always trigger publications_update;

-- The log is written here and nowhere else: see what gate_publication_log_insert lets in. Who replaces a version
-- without giving a time gets the database's clock in the log.
-- +goose StatementBegin
create function gate_publications_logged() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at, by_user)
    values (new.asset_id, new.version_id, new.approval_id, new.stage_id, 'published', new.published_at, new.published_by);
  elsif tg_op = 'DELETE' then
    if old.ended_at is null then
      insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at)
      values (old.asset_id, old.version_id, old.approval_id, old.stage_id, 'ended', clock_timestamp());
    end if;
  elsif new.ended_at is not null then
    insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at, by_user)
    values (old.asset_id, old.version_id, old.approval_id, old.stage_id, 'ended', new.ended_at, new.ended_by);
  elsif (new.version_id, new.approval_id, new.stage_id) is distinct from (old.version_id, old.approval_id, old.stage_id) then
    insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at, by_user)
    values (new.asset_id, new.version_id, new.approval_id, new.stage_id, 'replaced',
      case when new.published_at = old.published_at then clock_timestamp() else new.published_at end, new.published_by);
  end if;
  return null;
end;
$$;
-- +goose StatementEnd

create trigger publications_logged after insert or update or delete on publications for each row execute function gate_publications_logged();
alter table publications enable always trigger publications_logged;

-- A row is let in only if it says what just happened to the asset's publication and the asset's last row does not
-- say it yet. After every statement the last row does say it, so that nobody but the trigger above can add one.
-- A number that the statement chose (overriding system value) is never used.
-- +goose StatementBegin
create function gate_publication_log_insert() returns trigger language plpgsql as $$
declare
  last publication_log;
  p publications;
  said boolean;
  same boolean;
  true_now boolean;
begin
  select * into last from publication_log where asset_id = new.asset_id order by seq desc limit 1;
  select * into p from publications where asset_id = new.asset_id;
  said := last.event <> 'ended';
  same := (last.version_id, last.approval_id, last.stage_id) = (new.version_id, new.approval_id, new.stage_id);
  true_now := p.ended_at is null and p.published_by is not distinct from new.by_user
    and (p.version_id, p.approval_id, p.stage_id) = (new.version_id, new.approval_id, new.stage_id);
  if coalesce(case new.event
      when 'published' then not coalesce(said, false) and true_now and p.published_at = new.at
      when 'replaced' then said and not same and true_now
      when 'ended' then said and same
        and (p.asset_id is null or (p.ended_at = new.at and p.ended_by is not distinct from new.by_user))
    end, false) then
    new.seq := nextval(pg_get_serial_sequence('publication_log', 'seq'));
    return new;
  end if;
  raise exception 'gate: the publication log is written by what happens to publications';
end;
$$;
-- +goose StatementEnd

create trigger publication_log_insert before insert on publication_log for each row execute function gate_publication_log_insert();
alter table publication_log enable always trigger publication_log_insert;

-- +goose StatementBegin
create function gate_publication_log_update() returns trigger language plpgsql as $$
begin
  raise exception 'gate: the publication log is never changed';
end;
$$;
-- +goose StatementEnd

create trigger publication_log_update before update on publication_log for each row execute function gate_publication_log_update();
alter table publication_log enable always trigger publication_log_update;

-- +goose StatementBegin
create function gate_publication_log_delete() returns trigger language plpgsql as $$
begin
  raise exception 'gate: the publication log is never deleted from';
end;
$$;
-- +goose StatementEnd

create trigger publication_log_delete before delete on publication_log for each row execute function gate_publication_log_delete();
alter table publication_log enable always trigger publication_log_delete;

-- +goose StatementBegin
create function gate_audit_log_insert() returns trigger language plpgsql as $$
begin
  new.seq := nextval(pg_get_serial_sequence('audit_log', 'seq'));
  return new;
end;
$$;
-- +goose StatementEnd

create trigger audit_log_insert before insert on audit_log for each row execute function gate_audit_log_insert();
alter table audit_log enable always trigger audit_log_insert;

-- +goose StatementBegin
create function gate_audit_log_update() returns trigger language plpgsql as $$
begin
  raise exception 'gate: the audit log is never changed';
end;
$$;
-- +goose StatementEnd

create trigger audit_log_update before update on audit_log for each row execute function gate_audit_log_update();
alter table audit_log enable always trigger audit_log_update;

-- +goose StatementBegin
create function gate_audit_log_delete() returns trigger language plpgsql as $$
begin
  raise exception 'gate: the audit log is never deleted from';
end;
$$;
-- +goose StatementEnd

create trigger audit_log_delete before delete on audit_log for each row execute function gate_audit_log_delete();
alter table audit_log enable always trigger audit_log_delete;

create trigger reviews_truncate before truncate on reviews for each statement execute function gate_refuse_truncate();
alter table reviews enable always trigger reviews_truncate;

create trigger approvals_truncate before truncate on approvals for each statement execute function gate_refuse_truncate();
alter table approvals enable always trigger approvals_truncate;

create trigger publications_truncate before truncate on publications for each statement execute function gate_refuse_truncate();
alter table publications enable always trigger publications_truncate;

create trigger publication_log_truncate before truncate on publication_log for each statement execute function gate_refuse_truncate();
alter table publication_log enable always trigger publication_log_truncate;

create trigger reasons_truncate before truncate on reasons for each statement execute function gate_refuse_truncate();
alter table reasons enable always trigger reasons_truncate;

create trigger purges_truncate before truncate on purges for each statement execute function gate_refuse_truncate();
alter table purges enable always trigger purges_truncate;

create trigger audit_log_truncate before truncate on audit_log for each statement execute function gate_refuse_truncate();
alter table audit_log enable always trigger audit_log_truncate;

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
