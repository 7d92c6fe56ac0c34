-- +goose Up

-- Libraries that are brought in whole. What a batch becomes is told by its pieces; nothing here is guarded by the gate.

create table batches (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  name text not null check (name <> ''),
  made_by text not null references users (id),
  created_at datetime not null check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  unique (made_by, name)
) without rowid;

-- A row of the library's CSV. "cells" holds it until its piece is made; afterwards its digest tells whether the row was
-- changed. A piece that was never submitted can be deleted, so nothing refers to it by key.
create table batch_items (
  batch_id text not null references batches (id),
  n integer not null check (typeof(n) = 'integer' and n >= 1),
  line integer not null check (typeof(line) = 'integer' and line >= 1),
  source text not null check (source <> ''),
  is_link boolean not null check (typeof(is_link) = 'integer' and is_link in (0, 1)),
  cells text not null default '',
  digest text not null check (length(digest) = 64),
  asset_id text,
  version_id text,
  imported_at datetime check (imported_at is null or typeof(imported_at) = 'text' and imported_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  primary key (batch_id, n),
  unique (batch_id, source),
  check ((imported_at is null) = (asset_id is null) and (imported_at is null) = (version_id is null))
) without rowid;

create index batch_items_asset on batch_items (asset_id);
