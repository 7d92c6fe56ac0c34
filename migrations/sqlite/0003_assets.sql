-- +goose Up

-- Assets with the tags of their next version, and versions with the snapshot that Sales signs.

create table assets (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  title text not null check (title <> ''),
  summary text not null default '',
  type text not null check (type in ('deck', 'one-pager', 'brochure', 'case-study', 'white-paper', 'video', 'battlecard', 'calculator',
    'email-template', 'script', 'faq', 'proposal-template', 'reference', 'link', 'data-sheet', 'demo')),
  audience text not null default 'internal' check (audience in ('internal', 'partner', 'customer')),
  language text not null default 'en',
  review_by text check (review_by glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  cost_amount text check (cost_amount glob '[0-9]*' and cost_amount not glob '*[^0-9.]*' and cost_amount not glob '*.*.*' and cost_amount not glob '*.'),
  cost_currency text check (cost_currency glob '[A-Z][A-Z][A-Z]'),
  owner_id text not null references users (id),
  first_published_on text check (first_published_on glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  revision integer not null default 1 check (revision >= 0),
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) check (typeof(updated_at) = 'text' and updated_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  submitted_at datetime check (submitted_at is null or typeof(submitted_at) = 'text' and submitted_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  check ((cost_amount is null) = (cost_currency is null))
) without rowid;

create index assets_owner on assets (owner_id);
create index assets_type on assets (type);

create table asset_facets (
  asset_id text not null references assets (id),
  facet text not null references taxonomies (facet),
  value text not null check (value <> ''),
  position integer not null default 0 check (position >= 0),
  primary key (asset_id, facet, value)
) without rowid;

create index asset_facets_value on asset_facets (facet, value);

create table coauthors (
  asset_id text not null references assets (id),
  user_id text not null references users (id),
  added_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) check (typeof(added_at) = 'text' and added_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  primary key (asset_id, user_id)
) without rowid;

create index coauthors_user on coauthors (user_id);

create table asset_stages (
  asset_id text not null references assets (id),
  stage_id text not null references stages (id),
  role_in_stage text not null check (typeof(role_in_stage) = 'text' and length(trim(role_in_stage, ' ' || char(9, 10, 11, 12, 13))) >= 20),
  is_primary boolean not null default 0 check (typeof(is_primary) = 'integer' and is_primary in (0, 1)),
  primary key (asset_id, stage_id)
) without rowid;

create unique index asset_stages_primary on asset_stages (asset_id) where is_primary;
create index asset_stages_stage on asset_stages (stage_id);

-- audience and submitted_at are null in a draft; the submit sets them.
create table versions (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  asset_id text not null references assets (id),
  n integer not null check (typeof(n) = 'integer' and n >= 1),
  file_name text not null default '',
  media_type text not null default '',
  size integer not null default 0 check (typeof(size) = 'integer' and size >= 0),
  sha256 text not null check (typeof(sha256) = 'text' and length(sha256) = 64 and sha256 not glob '*[^0-9a-f]*'),
  url text not null default '',
  note text not null default '',
  uploaded_by text not null references users (id),
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  audience text check (audience in ('internal', 'partner', 'customer')),
  submitted_at datetime check (submitted_at is null or typeof(submitted_at) = 'text' and submitted_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  state text not null default 'draft' check (state in ('draft', 'submitted', 'changes_requested', 'rejected', 'approved')),
  unique (asset_id, n),
  unique (id, asset_id, sha256),
  check (state = 'draft' or (audience is not null and submitted_at is not null))
) without rowid;

create index versions_sha256 on versions (sha256);
create index versions_state on versions (state);
-- Every page counts the pieces that need their maker: of one who owns 10,000, that is read from here alone.
create index versions_standing on versions (asset_id, n, state);

create table version_stages (
  version_id text not null references versions (id),
  stage_id text not null references stages (id),
  role_in_stage text not null check (typeof(role_in_stage) = 'text' and length(trim(role_in_stage, ' ' || char(9, 10, 11, 12, 13))) >= 20),
  is_primary boolean not null default 0 check (typeof(is_primary) = 'integer' and is_primary in (0, 1)),
  primary key (version_id, stage_id)
) without rowid;

create unique index version_stages_primary on version_stages (version_id) where is_primary;
create index version_stages_stage on version_stages (stage_id);

create table contributors (
  version_id text not null references versions (id),
  user_id text not null references users (id),
  primary key (version_id, user_id)
) without rowid;

create index contributors_user on contributors (user_id);

-- What was read out of a version's bytes. It can be thrown away and made again, so it stands apart from the version.
create table extractions (
  version_id text not null primary key references versions (id),
  state text not null default 'pending' check (state in ('pending', 'done', 'empty', 'failed')),
  reason text not null default '',
  engine text not null default '',
  pages integer not null default 0 check (pages >= 0),
  signature blob, -- of the text, to find nearly the same one by; null when there is too little of it
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) check (typeof(updated_at) = 'text' and updated_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
) without rowid;

create table version_pages (
  version_id text not null references versions (id),
  page integer not null check (page >= 1),
  text text not null,
  primary key (version_id, page)
);
