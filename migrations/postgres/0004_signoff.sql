-- +goose Up

-- What Sales decided, what is published on the strength of it, and the logs of both.

create table reviews (
  id uuid not null primary key,
  version_id uuid not null unique references versions (id),
  asset_id uuid not null references assets (id),
  reviewer_id uuid not null references users (id),
  decision text not null check (decision in ('approve', 'request_changes', 'reject')),
  comment text not null default '',
  at timestamptz not null
);

create index reviews_asset on reviews (asset_id);

-- A signature: this person, in this role, at this time, on exactly these bytes of this version.
create table approvals (
  id uuid not null primary key,
  version_id uuid not null unique,
  asset_id uuid not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  signer_id uuid not null references users (id),
  role_held text not null check (role_held = 'approver'),
  signed_at timestamptz not null,
  unique (id, version_id, asset_id),
  foreign key (version_id, asset_id, sha256) references versions (id, asset_id, sha256)
);

create index approvals_signer on approvals (signer_id);

-- What is published now, one row an asset. ended_* are set only on the way out: the row is deleted next.
create table publications (
  asset_id uuid not null primary key references assets (id),
  version_id uuid not null,
  approval_id uuid not null,
  stage_id uuid not null,
  published_at timestamptz not null,
  published_by uuid not null references users (id),
  ended_at timestamptz,
  ended_by uuid references users (id),
  foreign key (approval_id, version_id, asset_id) references approvals (id, version_id, asset_id),
  foreign key (version_id, stage_id) references version_stages (version_id, stage_id),
  check (ended_by is null or ended_at is not null)
);

create index publications_version on publications (version_id);

-- Written by the triggers on publications, by nobody else. Without foreign keys: the log outlives what it tells of.
create table publication_log (
  seq bigint generated always as identity primary key,
  asset_id uuid not null,
  version_id uuid not null,
  approval_id uuid not null,
  stage_id uuid not null,
  event text not null check (event in ('published', 'replaced', 'ended')),
  at timestamptz not null,
  by_user uuid
);

create index publication_log_asset on publication_log (asset_id, seq, at);

create table reasons (
  id uuid not null primary key,
  asset_id uuid not null references assets (id),
  version_id uuid references versions (id),
  action text not null check (action in ('withdraw', 'purge')),
  text text not null check (text <> ''),
  by_user uuid not null references users (id),
  at timestamptz not null
);

create index reasons_asset on reasons (asset_id);

create table purges (
  version_id uuid not null primary key references versions (id),
  at timestamptz not null,
  "by" uuid not null references users (id)
);

-- Ids and words of the program only: never a name, never free text about a person.
create table audit_log (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  actor_id uuid,
  action text not null check (action <> ''),
  subject_kind text not null default '',
  subject_id text not null default '',
  detail text not null default ''
);

create index audit_log_subject on audit_log (subject_kind, subject_id);
