-- +goose Up

-- What Sales decided, what is published on the strength of it, and the logs of both.

create table reviews (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  version_id text not null unique references versions (id),
  asset_id text not null references assets (id),
  reviewer_id text not null references users (id),
  decision text not null check (decision in ('approve', 'request_changes', 'reject')),
  comment text not null default '',
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
) without rowid;

create index reviews_asset on reviews (asset_id);

-- A signature: this person, in this role, at this time, on exactly these bytes of this version.
create table approvals (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  version_id text not null unique,
  asset_id text not null,
  sha256 text not null check (typeof(sha256) = 'text' and length(sha256) = 64 and sha256 not glob '*[^0-9a-f]*'),
  signer_id text not null references users (id),
  role_held text not null check (role_held = 'approver'),
  signed_at datetime not null check (typeof(signed_at) = 'text' and signed_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  unique (id, version_id, asset_id),
  foreign key (version_id, asset_id, sha256) references versions (id, asset_id, sha256)
) without rowid;

create index approvals_signer on approvals (signer_id);

-- What is published now, one row an asset. ended_* are set only on the way out: the row is deleted next.
create table publications (
  asset_id text not null primary key references assets (id),
  version_id text not null,
  approval_id text not null,
  stage_id text not null,
  published_at datetime not null check (typeof(published_at) = 'text' and published_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  published_by text not null references users (id),
  ended_at datetime check (ended_at is null or typeof(ended_at) = 'text' and ended_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  ended_by text references users (id),
  foreign key (approval_id, version_id, asset_id) references approvals (id, version_id, asset_id),
  foreign key (version_id, stage_id) references version_stages (version_id, stage_id),
  check (ended_by is null or ended_at is not null)
) without rowid;

create index publications_version on publications (version_id);

-- Written by the triggers on publications, by nobody else. Without foreign keys: the log outlives what it tells of.
create table publication_log (
  seq integer primary key autoincrement check (seq > 0),
  asset_id text not null,
  version_id text not null,
  approval_id text not null,
  stage_id text not null,
  event text not null check (event in ('published', 'replaced', 'ended')),
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  by_user text
);

create index publication_log_asset on publication_log (asset_id, seq, at);

create table reasons (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  asset_id text not null references assets (id),
  version_id text references versions (id),
  action text not null check (action in ('withdraw', 'purge')),
  text text not null check (text <> ''),
  by_user text not null references users (id),
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
) without rowid;

create index reasons_asset on reasons (asset_id);

create table purges (
  version_id text not null primary key references versions (id),
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  "by" text not null references users (id)
) without rowid;

-- Ids and words of the program only: never a name, never free text about a person.
create table audit_log (
  seq integer primary key autoincrement check (seq > 0),
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  actor_id text,
  action text not null check (action <> ''),
  subject_kind text not null default '',
  subject_id text not null default '',
  detail text not null default ''
);

create index audit_log_subject on audit_log (subject_kind, subject_id);
