-- +goose Up

-- What people keep for themselves, and what they say of pieces that may be outdated. The title is the one that the person saw
-- last: a piece that is withdrawn later is named by it, and by nothing that was written since.

create table favourites (
  user_id text not null references users (id),
  asset_id text not null references assets (id),
  title text not null check (title <> ''),
  added_at datetime not null check (typeof(added_at) = 'text' and added_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  primary key (user_id, asset_id)
) without rowid;

create index favourites_asset on favourites (asset_id);

create table collections (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  user_id text not null references users (id),
  name text not null check (name <> ''),
  created_at datetime not null check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  changed_at datetime not null check (typeof(changed_at) = 'text' and changed_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  unique (user_id, name)
) without rowid;

create table collection_items (
  collection_id text not null references collections (id),
  asset_id text not null references assets (id),
  position integer not null check (typeof(position) = 'integer' and position >= 1),
  title text not null check (title <> ''),
  added_at datetime not null check (typeof(added_at) = 'text' and added_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  primary key (collection_id, asset_id)
) without rowid;

create index collection_items_asset on collection_items (asset_id);

-- A person has one flag at most that waits on a piece.
create table flags (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  asset_id text not null references assets (id),
  version_id text not null references versions (id),
  raised_by text not null references users (id),
  raised_at datetime not null check (typeof(raised_at) = 'text' and raised_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  reason text not null check (reason <> ''),
  settled_at datetime check (settled_at is null or typeof(settled_at) = 'text' and settled_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  settled_by text references users (id),
  outcome text check (outcome in ('fixed', 'kept')),
  note text not null default '',
  check ((settled_at is null) = (settled_by is null) and (settled_at is null) = (outcome is null))
) without rowid;

create index flags_asset on flags (asset_id);
create unique index flags_waiting on flags (asset_id, raised_by) where settled_at is null;

-- Every search asks how many people brought its hits to a buyer lately. SQLite answers that without reading rows only when the
-- index also holds what its own condition says: twenty pieces that are used much then take 2 ms instead of 25.
create index usage_events_field on usage_events (asset_id, occurred_at, user_id, kind, qualifies) where qualifies and kind in ('share', 'present');
