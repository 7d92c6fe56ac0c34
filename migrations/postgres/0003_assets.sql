-- +goose Up

-- Assets with the tags of their next version, and versions with the snapshot that Sales signs.

create table assets (
  id uuid not null primary key,
  title text not null check (title <> ''),
  summary text not null default '',
  type text not null check (type in ('deck', 'one-pager', 'brochure', 'case-study', 'white-paper', 'video', 'battlecard', 'calculator',
    'email-template', 'script', 'faq', 'proposal-template', 'reference', 'link', 'data-sheet', 'demo')),
  audience text not null default 'internal' check (audience in ('internal', 'partner', 'customer')),
  language text not null default 'en',
  review_by text check (review_by ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$'),
  cost_amount text check (cost_amount ~ '^[0-9]+([.][0-9]+)?$'),
  cost_currency text check (cost_currency ~ '^[A-Z]{3}$'),
  owner_id uuid not null references users (id),
  first_published_on text check (first_published_on ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$'),
  revision bigint not null default 1 check (revision >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  submitted_at timestamptz,
  check ((cost_amount is null) = (cost_currency is null))
);

create index assets_owner on assets (owner_id);
create index assets_type on assets (type);

create table asset_facets (
  asset_id uuid not null references assets (id),
  facet text not null references taxonomies (facet),
  value text not null check (value <> ''),
  position bigint not null default 0 check (position >= 0),
  primary key (asset_id, facet, value)
);

create index asset_facets_value on asset_facets (facet, value);

create table coauthors (
  asset_id uuid not null references assets (id),
  user_id uuid not null references users (id),
  added_at timestamptz not null default now(),
  primary key (asset_id, user_id)
);

create index coauthors_user on coauthors (user_id);

create table asset_stages (
  asset_id uuid not null references assets (id),
  stage_id uuid not null references stages (id),
  role_in_stage text not null check (length(btrim(role_in_stage, E' \t\n\r\f\x0b')) >= 20),
  is_primary boolean not null default false,
  primary key (asset_id, stage_id)
);

create unique index asset_stages_primary on asset_stages (asset_id) where is_primary;
create index asset_stages_stage on asset_stages (stage_id);

-- audience and submitted_at are null in a draft; the submit sets them.
create table versions (
  id uuid not null primary key,
  asset_id uuid not null references assets (id),
  n integer not null check (n >= 1),
  file_name text not null default '',
  media_type text not null default '',
  size bigint not null default 0 check (size >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  url text not null default '',
  note text not null default '',
  uploaded_by uuid not null references users (id),
  created_at timestamptz not null default now(),
  audience text check (audience in ('internal', 'partner', 'customer')),
  submitted_at timestamptz,
  state text not null default 'draft' check (state in ('draft', 'submitted', 'changes_requested', 'rejected', 'approved')),
  unique (asset_id, n),
  unique (id, asset_id, sha256),
  check (state = 'draft' or (audience is not null and submitted_at is not null))
);

create index versions_sha256 on versions (sha256);
create index versions_state on versions (state);
-- Every page counts the pieces that need their maker: of one who owns 10,000, that is read from here alone.
create index versions_standing on versions (asset_id, n, state);

create table version_stages (
  version_id uuid not null references versions (id),
  stage_id uuid not null references stages (id),
  role_in_stage text not null check (length(btrim(role_in_stage, E' \t\n\r\f\x0b')) >= 20),
  is_primary boolean not null default false,
  primary key (version_id, stage_id)
);

create unique index version_stages_primary on version_stages (version_id) where is_primary;
create index version_stages_stage on version_stages (stage_id);

create table contributors (
  version_id uuid not null references versions (id),
  user_id uuid not null references users (id),
  primary key (version_id, user_id)
);

create index contributors_user on contributors (user_id);

-- What was read out of a version's bytes. It can be thrown away and made again, so it stands apart from the version.
create table extractions (
  version_id uuid not null primary key references versions (id),
  state text not null default 'pending' check (state in ('pending', 'done', 'empty', 'failed')),
  reason text not null default '',
  engine text not null default '',
  pages bigint not null default 0 check (pages >= 0),
  signature bytea, -- of the text, to find nearly the same one by; null when there is too little of it
  updated_at timestamptz not null default now()
);

create table version_pages (
  version_id uuid not null references versions (id),
  page integer not null check (page >= 1),
  text text not null,
  primary key (version_id, page)
);
