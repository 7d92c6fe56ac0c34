-- +goose Up

-- The gate, part three: decisions, signatures, what is published on them, and the logs.

-- +goose StatementBegin
create trigger reviews_insert before insert on reviews
begin
  select raise(abort, 'gate: a review of this version exists already')
   where exists (select 1 from reviews where id = new.id or version_id = new.version_id);
  select raise(abort, 'gate: a review is of a version of this asset that was submitted')
   where not exists (select 1 from versions
     where id = new.version_id and asset_id = new.asset_id and state <> 'draft');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger reviews_update before update on reviews
begin
  select raise(abort, 'gate: a review is never changed');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger reviews_delete before delete on reviews
begin
  select raise(abort, 'gate: a review is never deleted');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger approvals_insert before insert on approvals
begin
  select raise(abort, 'gate: an id is a text of 36 characters')
   where typeof(new.id) <> 'text' or length(new.id) <> 36;
  select raise(abort, 'gate: an approval of this version exists already')
   where exists (select 1 from approvals where id = new.id or version_id = new.version_id);
  select raise(abort, 'gate: only a submitted version of this asset can be signed')
   where not exists (select 1 from versions join assets on assets.id = versions.asset_id
     where versions.id = new.version_id and versions.asset_id = new.asset_id and versions.state = 'submitted');
  select raise(abort, 'gate: a hash is 64 lower-case hexadecimal digits')
   where not (typeof(new.sha256) = 'text' and length(new.sha256) = 64 and new.sha256 not glob '*[^0-9a-f]*');
  select raise(abort, 'gate: the signature is on other bytes than those of the version')
   where not exists (select 1 from versions where id = new.version_id and sha256 = new.sha256);
  select raise(abort, 'gate: this is not a point in time')
   where not (typeof(new.signed_at) = 'text' and new.signed_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00');
  select raise(abort, 'gate: a version cannot be signed before it was submitted')
   where not exists (select 1 from versions where id = new.version_id and submitted_at <= new.signed_at);
  select raise(abort, 'gate: only Sales approvers sign, and only while they hold the role')
   where new.role_held is not 'approver'
      or not exists (select 1 from role_grants
        where user_id = new.signer_id and role = 'approver' and granted_at <= new.signed_at
          and (revoked_at is null or revoked_at > new.signed_at));
  select raise(abort, 'gate: nobody signs what they contributed to')
   where exists (select 1 from contributors where version_id = new.version_id and user_id = new.signer_id)
      or exists (select 1 from versions where id = new.version_id and uploaded_by = new.signer_id)
      or exists (select 1 from assets where id = new.asset_id and owner_id = new.signer_id)
      or exists (select 1 from coauthors where asset_id = new.asset_id and user_id = new.signer_id);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger approvals_update before update on approvals
begin
  select raise(abort, 'gate: a signature is never changed');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger approvals_delete before delete on approvals
begin
  select raise(abort, 'gate: a signature is never deleted');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger purges_insert before insert on purges
begin
  select raise(abort, 'gate: the purge of this version exists already')
   where exists (select 1 from purges where version_id = new.version_id);
  select raise(abort, 'gate: only bytes of a known version can be purged')
   where not exists (select 1 from versions where id = new.version_id);
  select raise(abort, 'gate: bytes cannot be purged while they are published')
   where exists (select 1 from publications where version_id = new.version_id and ended_at is null);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger purges_update before update on purges
begin
  select raise(abort, 'gate: the record of a purge is never changed');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger purges_delete before delete on purges
begin
  select raise(abort, 'gate: the record of a purge is never deleted');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger publications_insert before insert on publications
begin
  select raise(abort, 'gate: a publication of this asset exists already')
   where exists (select 1 from publications where asset_id = new.asset_id);
  select raise(abort, 'gate: a publication is ended after it was made, not with it')
   where new.ended_at is not null or new.ended_by is not null;
  select raise(abort, 'gate: this is not a point in time')
   where not (typeof(new.published_at) = 'text' and new.published_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00');
  select raise(abort, 'gate: only an approved version of this asset can be published')
   where not exists (select 1 from versions
     where id = new.version_id and asset_id = new.asset_id and state = 'approved');
  select raise(abort, 'gate: a version whose bytes were purged cannot be published')
   where exists (select 1 from purges where version_id = new.version_id);
  select raise(abort, 'gate: a version is published on the signature for exactly this version and these bytes')
   where not exists (select 1 from approvals join versions on versions.id = approvals.version_id
     where approvals.id = new.approval_id and approvals.version_id = new.version_id
       and approvals.asset_id = new.asset_id and approvals.sha256 = versions.sha256);
  select raise(abort, 'gate: a version is published for a buying stage it was signed for')
   where not exists (select 1 from version_stages
     where version_id = new.version_id and stage_id = new.stage_id);
  select raise(abort, 'gate: a version cannot be published before it was signed')
   where not exists (select 1 from approvals where id = new.approval_id and signed_at <= new.published_at);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger publications_update before update on publications
begin
  select raise(abort, 'gate: a publication does not move to another asset')
   where new.asset_id is not old.asset_id;
  select raise(abort, 'gate: a publication that ended is only deleted')
   where old.ended_at is not null;
  select raise(abort, 'gate: a publication changed while it was being changed')
   where not exists (select 1 from publications
     where asset_id = old.asset_id and version_id = old.version_id and approval_id = old.approval_id
       and stage_id = old.stage_id and published_at = old.published_at and ended_at is null);
  select raise(abort, 'gate: this is not a point in time')
   where not (typeof(new.published_at) = 'text' and new.published_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
      or (new.ended_at is not null
        and not (typeof(new.ended_at) = 'text' and new.ended_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'));
  select raise(abort, 'gate: a publication cannot end before it began')
   where new.ended_at < old.published_at;
  select raise(abort, 'gate: a publication is ended without changing what was published')
   where (new.ended_at is not null or new.ended_by is not null)
     and (new.ended_at is null
       or new.version_id is not old.version_id
       or new.approval_id is not old.approval_id
       or new.stage_id is not old.stage_id
       or new.published_at is not old.published_at
       or new.published_by is not old.published_by);
  select raise(abort, 'gate: the time and the person of a publication change with its version only')
   where new.version_id is old.version_id
     and (new.published_at is not old.published_at or new.published_by is not old.published_by);
  select raise(abort, 'gate: only an approved version of this asset can be published')
   where not exists (select 1 from versions
     where id = new.version_id and asset_id = new.asset_id and state = 'approved');
  select raise(abort, 'gate: a version whose bytes were purged cannot be published')
   where exists (select 1 from purges where version_id = new.version_id);
  select raise(abort, 'gate: a version is published on the signature for exactly this version and these bytes')
   where not exists (select 1 from approvals join versions on versions.id = approvals.version_id
     where approvals.id = new.approval_id and approvals.version_id = new.version_id
       and approvals.asset_id = new.asset_id and approvals.sha256 = versions.sha256);
  select raise(abort, 'gate: a version is published for a buying stage it was signed for')
   where not exists (select 1 from version_stages
     where version_id = new.version_id and stage_id = new.stage_id);
  select raise(abort, 'gate: a version cannot be published before it was signed')
   where new.published_at is not old.published_at
     and not exists (select 1 from approvals where id = new.approval_id and signed_at <= new.published_at);
end;
-- +goose StatementEnd

-- What follows writes the log, and these see to it that it was written. They are created first so that they fire last.
-- +goose StatementBegin
create trigger publications_insert_logged after insert on publications
begin
  select raise(abort, 'gate: what happens to publications is written to the publication log')
   where coalesce((select event = 'published' and version_id = new.version_id and approval_id = new.approval_id and stage_id = new.stage_id
     from publication_log where asset_id = new.asset_id order by seq desc limit 1), 0) = 0;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger publications_update_logged after update on publications
begin
  select raise(abort, 'gate: what happens to publications is written to the publication log')
   where coalesce((select (event = 'ended') = (new.ended_at is not null)
       and version_id = new.version_id and approval_id = new.approval_id and stage_id = new.stage_id
     from publication_log where asset_id = new.asset_id order by seq desc limit 1), 0) = 0;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger publications_delete_logged after delete on publications
begin
  select raise(abort, 'gate: what happens to publications is written to the publication log')
   where (select event from publication_log where asset_id = old.asset_id order by seq desc limit 1) is not 'ended';
end;
-- +goose StatementEnd

-- The log is written here and nowhere else: see what publication_log_insert lets in.
-- +goose StatementBegin
create trigger publications_inserted after insert on publications
begin
  insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at, by_user)
  values (new.asset_id, new.version_id, new.approval_id, new.stage_id, 'published', new.published_at, new.published_by);
end;
-- +goose StatementEnd

-- Who replaces a version without giving a time gets the database's clock in the log.
-- +goose StatementBegin
create trigger publications_replaced after update on publications
when new.version_id <> old.version_id or new.approval_id <> old.approval_id or new.stage_id <> old.stage_id
begin
  insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at, by_user)
  values (new.asset_id, new.version_id, new.approval_id, new.stage_id, 'replaced',
    case when new.published_at = old.published_at then strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') else new.published_at end, new.published_by);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger publications_ended after update on publications
when new.ended_at is not null
begin
  insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at, by_user)
  values (old.asset_id, old.version_id, old.approval_id, old.stage_id, 'ended', new.ended_at, new.ended_by);
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger publications_deleted after delete on publications
when old.ended_at is null
begin
  insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at)
  values (old.asset_id, old.version_id, old.approval_id, old.stage_id, 'ended', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));
end;
-- +goose StatementEnd

-- A row is let in only if it says what just happened to the asset's publication and the asset's last row does not
-- say it yet. After every statement the last row does say it, so that nobody but the triggers above can add one.
-- Before an insert, new.seq is -1 unless the statement gives it a number.
-- +goose StatementBegin
create trigger publication_log_insert before insert on publication_log
begin
  select raise(abort, 'gate: the publication log numbers its rows itself')
   where new.seq is not -1;
  select raise(abort, 'gate: the publication log is written by what happens to publications')
   where coalesce(case new.event
     when 'published' then
       coalesce((select event from publication_log where asset_id = new.asset_id order by seq desc limit 1), 'ended') = 'ended'
       and exists (select 1 from publications
         where asset_id = new.asset_id and version_id = new.version_id and approval_id = new.approval_id
           and stage_id = new.stage_id and published_at = new.at and published_by is new.by_user and ended_at is null)
     when 'replaced' then
       (select event <> 'ended' and (version_id <> new.version_id or approval_id <> new.approval_id or stage_id <> new.stage_id)
          from publication_log where asset_id = new.asset_id order by seq desc limit 1)
       and exists (select 1 from publications
         where asset_id = new.asset_id and version_id = new.version_id and approval_id = new.approval_id
           and stage_id = new.stage_id and published_by is new.by_user and ended_at is null)
     when 'ended' then
       (select event <> 'ended' and version_id = new.version_id and approval_id = new.approval_id and stage_id = new.stage_id
          from publication_log where asset_id = new.asset_id order by seq desc limit 1)
       and not exists (select 1 from publications
         where asset_id = new.asset_id
           and (ended_at is null or ended_at <> new.at or ended_by is not new.by_user))
   end, 0) = 0;
end;
-- +goose StatementEnd

-- A number given as -1 looks like none before the insert.
-- +goose StatementBegin
create trigger publication_log_inserted after insert on publication_log
begin
  select raise(abort, 'gate: the publication log numbers its rows itself')
   where new.seq < 1;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger publication_log_update before update on publication_log
begin
  select raise(abort, 'gate: the publication log is never changed');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger publication_log_delete before delete on publication_log
begin
  select raise(abort, 'gate: the publication log is never deleted from');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger audit_log_insert before insert on audit_log
begin
  select raise(abort, 'gate: the audit log numbers its rows itself')
   where new.seq is not -1;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger audit_log_inserted after insert on audit_log
begin
  select raise(abort, 'gate: the audit log numbers its rows itself')
   where new.seq < 1;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger audit_log_update before update on audit_log
begin
  select raise(abort, 'gate: the audit log is never changed');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger audit_log_delete before delete on audit_log
begin
  select raise(abort, 'gate: the audit log is never deleted from');
end;
-- +goose StatementEnd
