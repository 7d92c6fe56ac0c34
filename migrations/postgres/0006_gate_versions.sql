-- +goose Up

-- The gate, part two: assets, and versions with the snapshot that is signed.

-- +goose StatementBegin
create function gate_take_asset(wanted uuid) returns assets language plpgsql as $$
declare
  taken assets;
begin
  update assets set revision = revision where id = wanted returning * into taken;
  if not found then
    raise exception 'gate: there is no such asset';
  end if;
  return taken;
end;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function gate_take_version(wanted uuid) returns versions language plpgsql as $$
declare
  taken versions;
begin
  update versions set state = state where id = wanted returning * into taken;
  if not found then
    raise exception 'gate: there is no such version';
  end if;
  return taken;
end;
$$;
-- +goose StatementEnd

-- Characters that say something: without blanks at the ends, and without those that nobody sees.
-- +goose StatementBegin
create function gate_characters(said text) returns integer language sql immutable as $$
  select length(btrim(translate(said, E'\u200b\u00a0\ufeff\u2060', ''), E' \t\n\r\f\x0b'));
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function gate_assets_insert() returns trigger language plpgsql as $$
begin
  if exists (select 1 from assets where id = new.id) then
    raise exception 'gate: an asset with this id exists already' using errcode = 'unique_violation';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger assets_insert before insert on assets for each row execute function gate_assets_insert();
alter table assets enable always trigger assets_insert;

-- +goose StatementBegin
create function gate_assets_update() returns trigger language plpgsql as $$
begin
  if new.id is distinct from old.id then
    raise exception 'gate: the id of an asset never changes';
  end if;
  if old.submitted_at is not null and new.submitted_at is distinct from old.submitted_at then
    raise exception 'gate: the first submission of an asset is a fact and stays';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger assets_update before update on assets for each row execute function gate_assets_update();
alter table assets enable always trigger assets_update;

-- +goose StatementBegin
create function gate_assets_delete() returns trigger language plpgsql as $$
begin
  if old.submitted_at is not null then
    raise exception 'gate: an asset that was submitted once is withdrawn, never deleted';
  end if;
  if exists (select 1 from versions where asset_id = old.id)
      or exists (select 1 from asset_stages where asset_id = old.id)
      or exists (select 1 from asset_facets where asset_id = old.id)
      or exists (select 1 from coauthors where asset_id = old.id) then
    raise exception 'gate: an asset is deleted after what belongs to it';
  end if;
  return old;
end;
$$;
-- +goose StatementEnd

create trigger assets_delete before delete on assets for each row execute function gate_assets_delete();
alter table assets enable always trigger assets_delete;

-- A co-author named while somebody signs is either seen by the signature or comes after it.
-- +goose StatementBegin
create function gate_coauthors_insert() returns trigger language plpgsql as $$
begin
  perform gate_take_asset(new.asset_id);
  return new;
end;
$$;
-- +goose StatementEnd

create trigger coauthors_insert before insert or update on coauthors for each row execute function gate_coauthors_insert();
alter table coauthors enable always trigger coauthors_insert;

-- +goose StatementBegin
create function gate_asset_stages_insert() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from stages where id = new.stage_id) then
    raise exception 'gate: a tag names a known buying stage';
  end if;
  if exists (select 1 from asset_stages
      where asset_id = new.asset_id and (stage_id = new.stage_id or (is_primary and new.is_primary))) then
    raise exception 'gate: this tag of the asset, or a primary one, exists already' using errcode = 'unique_violation';
  end if;
  if gate_characters(new.role_in_stage) < 20 then
    raise exception 'gate: the role in a buying stage takes at least 20 characters';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger asset_stages_insert before insert on asset_stages for each row execute function gate_asset_stages_insert();
alter table asset_stages enable always trigger asset_stages_insert;

-- +goose StatementBegin
create function gate_asset_stages_update() returns trigger language plpgsql as $$
begin
  if new.asset_id is distinct from old.asset_id or new.stage_id is distinct from old.stage_id then
    raise exception 'gate: the tag of an asset does not move to another asset or buying stage';
  end if;
  if new.is_primary
      and exists (select 1 from asset_stages
        where asset_id = old.asset_id and stage_id <> old.stage_id and is_primary) then
    raise exception 'gate: a primary tag of the asset exists already' using errcode = 'unique_violation';
  end if;
  if gate_characters(new.role_in_stage) < 20 then
    raise exception 'gate: the role in a buying stage takes at least 20 characters';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger asset_stages_update before update on asset_stages for each row execute function gate_asset_stages_update();
alter table asset_stages enable always trigger asset_stages_update;

-- +goose StatementBegin
create function gate_asset_stages_delete() returns trigger language plpgsql as $$
begin
  perform gate_take_asset(old.asset_id);
  if exists (select 1 from publications where asset_id = old.asset_id and ended_at is null)
      and not exists (select 1 from asset_stages where asset_id = old.asset_id and stage_id <> old.stage_id) then
    raise exception 'gate: a published asset keeps at least one buying stage';
  end if;
  return old;
end;
$$;
-- +goose StatementEnd

create trigger asset_stages_delete before delete on asset_stages for each row execute function gate_asset_stages_delete();
alter table asset_stages enable always trigger asset_stages_delete;

-- +goose StatementBegin
create function gate_versions_insert() returns trigger language plpgsql as $$
begin
  if exists (select 1 from versions where id = new.id or (asset_id = new.asset_id and n = new.n)) then
    raise exception 'gate: a version with this id or number exists already' using errcode = 'unique_violation';
  end if;
  if new.state is distinct from 'draft' or new.submitted_at is not null then
    raise exception 'gate: a version is born a draft';
  end if;
  if new.sha256 !~ '^[0-9a-f]{64}$' then
    raise exception 'gate: a hash is 64 lower-case hexadecimal digits';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger versions_insert before insert on versions for each row execute function gate_versions_insert();
alter table versions enable always trigger versions_insert;

-- +goose StatementBegin
create function gate_versions_update() returns trigger language plpgsql as $$
begin
  if new.id is distinct from old.id
      or new.asset_id is distinct from old.asset_id
      or new.n is distinct from old.n
      or new.uploaded_by is distinct from old.uploaded_by then
    raise exception 'gate: id, asset, number and uploader of a version never change';
  end if;
  if old.state = 'submitted' and new.state = 'draft' then
    if new.audience = old.audience then
      new.audience := null;
    end if;
    if new.submitted_at = old.submitted_at then
      new.submitted_at := null;
    end if;
  end if;
  if old.state <> 'draft'
      and (new.file_name is distinct from old.file_name
        or new.media_type is distinct from old.media_type
        or new.size is distinct from old.size
        or new.sha256 is distinct from old.sha256
        or new.url is distinct from old.url
        or new.note is distinct from old.note
        or new.created_at is distinct from old.created_at
        or (new.audience is distinct from old.audience and not (new.state = 'draft' and new.audience is null))
        or (new.submitted_at is distinct from old.submitted_at and not (new.state = 'draft' and new.submitted_at is null))) then
    raise exception 'gate: a version that was submitted cannot be changed';
  end if;
  if new.sha256 !~ '^[0-9a-f]{64}$' then
    raise exception 'gate: a hash is 64 lower-case hexadecimal digits';
  end if;
  if new.state is distinct from old.state
      and coalesce(old.state || ' ' || new.state, '') not in ('draft submitted', 'submitted draft',
        'submitted changes_requested', 'submitted rejected', 'submitted approved') then
    raise exception 'gate: a version goes from draft to submitted, and from there back to draft or to a decision';
  end if;
  if old.state = 'draft' and new.state = 'draft' and new.submitted_at is not null then
    raise exception 'gate: a draft has no time of submission';
  end if;
  if new.state is not distinct from old.state then
    return new;
  end if;

  if new.state = 'submitted' then
    if new.audience is null or new.submitted_at is null then
      raise exception 'gate: a version is submitted with its audience and the time of submission';
    end if;
    if not isfinite(new.submitted_at) then
      raise exception 'gate: this is not a point in time';
    end if;
    -- Makers who were named since this session's snapshot would be missed; taking the asset fails then. The update
    -- holds the version already, so here the asset comes second: who submits without the asset's lock and meets
    -- somebody naming a contributor may be broken off (deadlock).
    perform gate_take_asset(old.asset_id);
    if (select count(*) from version_stages where version_id = old.id and is_primary) <> 1 then
      raise exception 'gate: a version is submitted with its buying stages, exactly one of them primary';
    end if;
    -- Whoever submits cannot leave out a maker: whoever is missing among the contributors is added.
    insert into contributors (version_id, user_id)
    select old.id, makers.user_id
      from (select old.uploaded_by as user_id
            union select owner_id from assets where id = old.asset_id
            union select user_id from coauthors where asset_id = old.asset_id) as makers
     where not exists (select 1 from contributors where version_id = old.id and user_id = makers.user_id);
  elsif new.state = 'approved' then
    if not exists (select 1 from approvals
        where version_id = old.id and asset_id = old.asset_id and sha256 = old.sha256) then
      raise exception 'gate: a version is approved by a signature on it';
    end if;
  else
    if exists (select 1 from approvals where version_id = old.id) then
      raise exception 'gate: a signed version can only be approved';
    end if;
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger versions_update before update on versions for each row execute function gate_versions_update();
alter table versions enable always trigger versions_update;

-- +goose StatementBegin
create function gate_versions_submitted() returns trigger language plpgsql as $$
begin
  if old.state = 'draft' and new.state = 'submitted' then
    update assets set submitted_at = new.submitted_at where id = new.asset_id and submitted_at is null;
  end if;
  return null;
end;
$$;
-- +goose StatementEnd

create trigger versions_submitted after update on versions for each row execute function gate_versions_submitted();
alter table versions enable always trigger versions_submitted;

-- +goose StatementBegin
create function gate_versions_delete() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' or old.submitted_at is not null then
    raise exception 'gate: only a draft can be deleted';
  end if;
  if exists (select 1 from version_stages where version_id = old.id)
      or exists (select 1 from contributors where version_id = old.id)
      or exists (select 1 from extractions where version_id = old.id)
      or exists (select 1 from version_pages where version_id = old.id) then
    raise exception 'gate: a draft is deleted after what belongs to it';
  end if;
  return old;
end;
$$;
-- +goose StatementEnd

create trigger versions_delete before delete on versions for each row execute function gate_versions_delete();
alter table versions enable always trigger versions_delete;

-- +goose StatementBegin
create function gate_version_stages_insert() returns trigger language plpgsql as $$
begin
  if (gate_take_version(new.version_id)).state <> 'draft' then
    raise exception 'gate: the tags of a version are set while it is a draft';
  end if;
  if not exists (select 1 from stages where id = new.stage_id) then
    raise exception 'gate: a tag names a known buying stage';
  end if;
  if exists (select 1 from version_stages
      where version_id = new.version_id and (stage_id = new.stage_id or (is_primary and new.is_primary))) then
    raise exception 'gate: this tag of the version, or a primary one, exists already' using errcode = 'unique_violation';
  end if;
  if gate_characters(new.role_in_stage) < 20 then
    raise exception 'gate: the role in a buying stage takes at least 20 characters';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger version_stages_insert before insert on version_stages for each row execute function gate_version_stages_insert();
alter table version_stages enable always trigger version_stages_insert;

-- +goose StatementBegin
create function gate_version_stages_update() returns trigger language plpgsql as $$
begin
  if new.version_id is distinct from old.version_id or new.stage_id is distinct from old.stage_id then
    raise exception 'gate: the tag of a version does not move to another version or buying stage';
  end if;
  if (gate_take_version(old.version_id)).state <> 'draft' then
    raise exception 'gate: the tags of a version are set while it is a draft';
  end if;
  if new.is_primary
      and exists (select 1 from version_stages
        where version_id = old.version_id and stage_id <> old.stage_id and is_primary) then
    raise exception 'gate: a primary tag of the version exists already' using errcode = 'unique_violation';
  end if;
  if gate_characters(new.role_in_stage) < 20 then
    raise exception 'gate: the role in a buying stage takes at least 20 characters';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger version_stages_update before update on version_stages for each row execute function gate_version_stages_update();
alter table version_stages enable always trigger version_stages_update;

-- +goose StatementBegin
create function gate_version_stages_delete() returns trigger language plpgsql as $$
begin
  if (gate_take_version(old.version_id)).state <> 'draft' then
    raise exception 'gate: the tags of a version are set while it is a draft';
  end if;
  return old;
end;
$$;
-- +goose StatementEnd

create trigger version_stages_delete before delete on version_stages for each row execute function gate_version_stages_delete();
alter table version_stages enable always trigger version_stages_delete;

-- The version is locked without an update: the trigger on versions adds contributors while its own row is being updated.
-- The update is of the asset, as in the submit, so that a submit on an older snapshot fails.
-- +goose StatementBegin
create function gate_contributors_insert() returns trigger language plpgsql as $$
declare
  held text;
  of_asset uuid;
begin
  select asset_id into of_asset from versions where id = new.version_id;
  if found then
    perform gate_take_asset(of_asset);
    select state into held from versions where id = new.version_id for update;
  end if;
  if held is distinct from 'draft' then
    raise exception 'gate: the contributors of a version are set while it is a draft';
  end if;
  if exists (select 1 from contributors where version_id = new.version_id and user_id = new.user_id) then
    raise exception 'gate: this contributor exists already' using errcode = 'unique_violation';
  end if;
  return new;
end;
$$;
-- +goose StatementEnd

create trigger contributors_insert before insert on contributors for each row execute function gate_contributors_insert();
alter table contributors enable always trigger contributors_insert;

-- +goose StatementBegin
create function gate_contributors_update() returns trigger language plpgsql as $$
begin
  raise exception 'gate: a contributor is added or removed, never changed';
end;
$$;
-- +goose StatementEnd

create trigger contributors_update before update on contributors for each row execute function gate_contributors_update();
alter table contributors enable always trigger contributors_update;

-- +goose StatementBegin
create function gate_contributors_delete() returns trigger language plpgsql as $$
begin
  if (gate_take_version(old.version_id)).state <> 'draft' then
    raise exception 'gate: the contributors of a version are set while it is a draft';
  end if;
  return old;
end;
$$;
-- +goose StatementEnd

create trigger contributors_delete before delete on contributors for each row execute function gate_contributors_delete();
alter table contributors enable always trigger contributors_delete;

create trigger assets_truncate before truncate on assets for each statement execute function gate_refuse_truncate();
alter table assets enable always trigger assets_truncate;

create trigger asset_facets_truncate before truncate on asset_facets for each statement execute function gate_refuse_truncate();
alter table asset_facets enable always trigger asset_facets_truncate;

create trigger coauthors_truncate before truncate on coauthors for each statement execute function gate_refuse_truncate();
alter table coauthors enable always trigger coauthors_truncate;

create trigger asset_stages_truncate before truncate on asset_stages for each statement execute function gate_refuse_truncate();
alter table asset_stages enable always trigger asset_stages_truncate;

create trigger versions_truncate before truncate on versions for each statement execute function gate_refuse_truncate();
alter table versions enable always trigger versions_truncate;

create trigger version_stages_truncate before truncate on version_stages for each statement execute function gate_refuse_truncate();
alter table version_stages enable always trigger version_stages_truncate;

create trigger contributors_truncate before truncate on contributors for each statement execute function gate_refuse_truncate();
alter table contributors enable always trigger contributors_truncate;

create trigger extractions_truncate before truncate on extractions for each statement execute function gate_refuse_truncate();
alter table extractions enable always trigger extractions_truncate;

create trigger version_pages_truncate before truncate on version_pages for each statement execute function gate_refuse_truncate();
alter table version_pages enable always trigger version_pages_truncate;

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
