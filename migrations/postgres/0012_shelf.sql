-- +goose Up

-- What people keep for themselves, and what they say of pieces that may be outdated. The title is the one that the person saw
-- last: a piece that is withdrawn later is named by it, and by nothing that was written since.

create table favourites (
  user_id uuid not null references users (id),
  asset_id uuid not null references assets (id),
  title text not null check (title <> ''),
  added_at timestamptz not null,
  primary key (user_id, asset_id)
);

create index favourites_asset on favourites (asset_id);

create table collections (
  id uuid not null primary key,
  user_id uuid not null references users (id),
  name text not null check (name <> ''),
  created_at timestamptz not null,
  changed_at timestamptz not null,
  unique (user_id, name)
);

create table collection_items (
  collection_id uuid not null references collections (id),
  asset_id uuid not null references assets (id),
  position bigint not null check (position >= 1),
  title text not null check (title <> ''),
  added_at timestamptz not null,
  primary key (collection_id, asset_id)
);

create index collection_items_asset on collection_items (asset_id);

-- A person has one flag at most that waits on a piece.
create table flags (
  id uuid not null primary key,
  asset_id uuid not null references assets (id),
  version_id uuid not null references versions (id),
  raised_by uuid not null references users (id),
  raised_at timestamptz not null,
  reason text not null check (reason <> ''),
  settled_at timestamptz,
  settled_by uuid references users (id),
  outcome text check (outcome in ('fixed', 'kept')),
  note text not null default '',
  check ((settled_at is null) = (settled_by is null) and (settled_at is null) = (outcome is null))
);

create index flags_asset on flags (asset_id);
create unique index flags_waiting on flags (asset_id, raised_by) where settled_at is null;

-- Every search asks how many people brought its hits to a buyer lately.
create index usage_events_field on usage_events (asset_id, occurred_at, user_id) where qualifies and kind in ('share', 'present');
