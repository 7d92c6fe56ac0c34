-- +goose Up

-- The gate, part two: assets, and versions with the snapshot that is signed.

-- +goose StatementBegin
create trigger assets_insert before insert on assets
begin
  select raise(abort, 'gate: an asset with this id exists already')
   where exists (select 1 from assets where id = new.id);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger assets_update before update on assets
begin
  select raise(abort, 'gate: the id of an asset never changes')
   where new.id is not old.id;
  select raise(abort, 'gate: the first submission of an asset is a fact and stays')
   where old.submitted_at is not null and new.submitted_at is not old.submitted_at;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger assets_delete before delete on assets
begin
  select raise(abort, 'gate: an asset that was submitted once is withdrawn, never deleted')
   where old.submitted_at is not null;
  select raise(abort, 'gate: an asset is deleted after what belongs to it')
   where exists (select 1 from versions where asset_id = old.id)
      or exists (select 1 from asset_stages where asset_id = old.id)
      or exists (select 1 from asset_facets where asset_id = old.id)
      or exists (select 1 from coauthors where asset_id = old.id);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger asset_stages_insert before insert on asset_stages
begin
  select raise(abort, 'gate: a tag names a known buying stage')
   where not exists (select 1 from stages where id = new.stage_id);
  select raise(abort, 'gate: this tag of the asset, or a primary one, exists already')
   where exists (select 1 from asset_stages
     where asset_id = new.asset_id and (stage_id = new.stage_id or (is_primary and new.is_primary)));
  select raise(abort, 'gate: the role in a buying stage takes at least 20 characters')
   where coalesce(length(trim(replace(replace(replace(replace(new.role_in_stage, char(8203), ''), char(160), ''), char(65279), ''), char(8288), ''), ' ' || char(9, 10, 11, 12, 13))), 0) < 20;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger asset_stages_update before update on asset_stages
begin
  select raise(abort, 'gate: the tag of an asset does not move to another asset or buying stage')
   where new.asset_id is not old.asset_id or new.stage_id is not old.stage_id;
  select raise(abort, 'gate: a primary tag of the asset exists already')
   where new.is_primary
     and exists (select 1 from asset_stages
       where asset_id = old.asset_id and stage_id <> old.stage_id and is_primary);
  select raise(abort, 'gate: the role in a buying stage takes at least 20 characters')
   where coalesce(length(trim(replace(replace(replace(replace(new.role_in_stage, char(8203), ''), char(160), ''), char(65279), ''), char(8288), ''), ' ' || char(9, 10, 11, 12, 13))), 0) < 20;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger asset_stages_delete before delete on asset_stages
begin
  select raise(abort, 'gate: a published asset keeps at least one buying stage')
   where exists (select 1 from publications where asset_id = old.asset_id and ended_at is null)
     and not exists (select 1 from asset_stages where asset_id = old.asset_id and stage_id <> old.stage_id);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger versions_insert before insert on versions
begin
  select raise(abort, 'gate: an id is a text of 36 characters')
   where typeof(new.id) <> 'text' or length(new.id) <> 36;
  select raise(abort, 'gate: a version with this id or number exists already')
   where exists (select 1 from versions
     where id = new.id or (asset_id = new.asset_id and n = new.n));
  select raise(abort, 'gate: a version is born a draft')
   where new.state is not 'draft' or new.submitted_at is not null;
  select raise(abort, 'gate: number and size of a version are whole numbers')
   where typeof(new.n) <> 'integer' or typeof(new.size) <> 'integer';
  select raise(abort, 'gate: a hash is 64 lower-case hexadecimal digits')
   where not (typeof(new.sha256) = 'text' and length(new.sha256) = 64 and new.sha256 not glob '*[^0-9a-f]*');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger versions_update before update on versions
begin
  select raise(abort, 'gate: a version changed while it was being changed')
   where old.state is not (select state from versions where id = old.id);

  select raise(abort, 'gate: id, asset, number and uploader of a version never change')
   where new.id is not old.id
      or new.asset_id is not old.asset_id
      or new.n is not old.n
      or new.uploaded_by is not old.uploaded_by;

  select raise(abort, 'gate: a version that was submitted cannot be changed')
   where old.state is not 'draft'
     and (new.file_name is not old.file_name
       or new.media_type is not old.media_type
       or new.size is not old.size
       or new.sha256 is not old.sha256
       or new.url is not old.url
       or new.note is not old.note
       or new.created_at is not old.created_at
       or (new.audience is not old.audience and not (new.state is 'draft' and new.audience is null))
       or (new.submitted_at is not old.submitted_at and not (new.state is 'draft' and new.submitted_at is null)));

  select raise(abort, 'gate: number and size of a version are whole numbers')
   where typeof(new.n) <> 'integer' or typeof(new.size) <> 'integer';

  select raise(abort, 'gate: a hash is 64 lower-case hexadecimal digits')
   where not (typeof(new.sha256) = 'text' and length(new.sha256) = 64 and new.sha256 not glob '*[^0-9a-f]*');

  select raise(abort, 'gate: a version goes from draft to submitted, and from there back to draft or to a decision')
   where new.state is not old.state
     and coalesce(old.state || ' ' || new.state, '') not in ('draft submitted', 'submitted draft',
       'submitted changes_requested', 'submitted rejected', 'submitted approved');

  select raise(abort, 'gate: a draft has no time of submission')
   where old.state is 'draft' and new.state is 'draft' and new.submitted_at is not null;

  select raise(abort, 'gate: a version is submitted with its audience and the time of submission')
   where old.state is 'draft' and new.state is 'submitted'
     and (new.audience is null or new.submitted_at is null);

  select raise(abort, 'gate: this is not a point in time')
   where old.state is 'draft' and new.state is 'submitted'
     and not (typeof(new.submitted_at) = 'text' and new.submitted_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00');

  select raise(abort, 'gate: a version is submitted with its buying stages, exactly one of them primary')
   where old.state is 'draft' and new.state is 'submitted'
     and (select count(*) from version_stages where version_id = old.id and is_primary) <> 1;

  select raise(abort, 'gate: a version is submitted with all its makers among the contributors')
   where old.state is 'draft' and new.state is 'submitted'
     and exists (select 1
       from (select old.uploaded_by as user_id
             union select owner_id from assets where id = old.asset_id
             union select user_id from coauthors where asset_id = old.asset_id) as makers
      where not exists (select 1 from contributors where version_id = old.id and user_id = makers.user_id));

  select raise(abort, 'gate: a signed version can only be approved')
   where new.state is not old.state and new.state is not 'approved'
     and exists (select 1 from approvals where version_id = old.id);

  select raise(abort, 'gate: a version is approved by a signature on it')
   where new.state is not old.state and new.state is 'approved'
     and not exists (select 1 from approvals
       where version_id = old.id and asset_id = old.asset_id and sha256 = old.sha256);
end;
-- +goose StatementEnd

-- Whoever submits cannot leave out a maker: whoever is missing among the contributors is added. It is created after
-- versions_update so that it fires before it.
-- +goose StatementBegin
create trigger versions_submitting before update on versions
when old.state = 'draft' and new.state = 'submitted'
begin
  insert into contributors (version_id, user_id)
  select old.id, makers.user_id
    from (select old.uploaded_by as user_id
          union select owner_id from assets where id = old.asset_id
          union select user_id from coauthors where asset_id = old.asset_id) as makers
   where not exists (select 1 from contributors where version_id = old.id and user_id = makers.user_id);
end;
-- +goose StatementEnd

-- The same again once it is submitted, should the order of the triggers ever be another.
-- +goose StatementBegin
create trigger versions_submitted_whole after update on versions
when old.state = 'draft' and new.state = 'submitted'
begin
  select raise(abort, 'gate: a version is submitted with its buying stages, exactly one of them primary')
   where (select count(*) from version_stages where version_id = old.id and is_primary) <> 1;
  select raise(abort, 'gate: a version is submitted with all its makers among the contributors')
   where exists (select 1
     from (select old.uploaded_by as user_id
           union select owner_id from assets where id = old.asset_id
           union select user_id from coauthors where asset_id = old.asset_id) as makers
    where not exists (select 1 from contributors where version_id = old.id and user_id = makers.user_id));
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger versions_submitted after update on versions
when old.state = 'draft' and new.state = 'submitted'
begin
  update assets set submitted_at = new.submitted_at where id = new.asset_id and submitted_at is null;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger versions_unsubmitted after update on versions
when old.state = 'submitted' and new.state = 'draft'
begin
  update versions set audience = null, submitted_at = null
   where id = new.id and (audience is not null or submitted_at is not null);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger versions_delete before delete on versions
begin
  select raise(abort, 'gate: only a draft can be deleted')
   where old.state is not 'draft' or old.submitted_at is not null
      or (select state from versions where id = old.id) is not 'draft';
  select raise(abort, 'gate: a draft is deleted after what belongs to it')
   where exists (select 1 from version_stages where version_id = old.id)
      or exists (select 1 from contributors where version_id = old.id)
      or exists (select 1 from extractions where version_id = old.id)
      or exists (select 1 from version_pages where version_id = old.id);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger version_stages_insert before insert on version_stages
begin
  select raise(abort, 'gate: the tags of a version are set while it is a draft')
   where coalesce((select state from versions where id = new.version_id), '') <> 'draft';
  select raise(abort, 'gate: a tag names a known buying stage')
   where not exists (select 1 from stages where id = new.stage_id);
  select raise(abort, 'gate: this tag of the version, or a primary one, exists already')
   where exists (select 1 from version_stages
     where version_id = new.version_id and (stage_id = new.stage_id or (is_primary and new.is_primary)));
  select raise(abort, 'gate: the role in a buying stage takes at least 20 characters')
   where coalesce(length(trim(replace(replace(replace(replace(new.role_in_stage, char(8203), ''), char(160), ''), char(65279), ''), char(8288), ''), ' ' || char(9, 10, 11, 12, 13))), 0) < 20;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger version_stages_update before update on version_stages
begin
  select raise(abort, 'gate: the tag of a version does not move to another version or buying stage')
   where new.version_id is not old.version_id or new.stage_id is not old.stage_id;
  select raise(abort, 'gate: the tags of a version are set while it is a draft')
   where coalesce((select state from versions where id = old.version_id), '') <> 'draft';
  select raise(abort, 'gate: a primary tag of the version exists already')
   where new.is_primary
     and exists (select 1 from version_stages
       where version_id = old.version_id and stage_id <> old.stage_id and is_primary);
  select raise(abort, 'gate: the role in a buying stage takes at least 20 characters')
   where coalesce(length(trim(replace(replace(replace(replace(new.role_in_stage, char(8203), ''), char(160), ''), char(65279), ''), char(8288), ''), ' ' || char(9, 10, 11, 12, 13))), 0) < 20;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger version_stages_delete before delete on version_stages
begin
  select raise(abort, 'gate: the tags of a version are set while it is a draft')
   where coalesce((select state from versions where id = old.version_id), 'draft') <> 'draft';
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger contributors_insert before insert on contributors
begin
  select raise(abort, 'gate: the contributors of a version are set while it is a draft')
   where coalesce((select state from versions where id = new.version_id), '') <> 'draft';
  select raise(abort, 'gate: this contributor exists already')
   where exists (select 1 from contributors where version_id = new.version_id and user_id = new.user_id);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger contributors_update before update on contributors
begin
  select raise(abort, 'gate: a contributor is added or removed, never changed');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger contributors_delete before delete on contributors
begin
  select raise(abort, 'gate: the contributors of a version are set while it is a draft')
   where coalesce((select state from versions where id = old.version_id), 'draft') <> 'draft';
end;
-- +goose StatementEnd
