-- +goose Up

-- Libraries that are brought in whole. What a batch becomes is told by its pieces; nothing here is guarded by the gate.

create table batches (
  id uuid not null primary key,
  name text not null check (name <> ''),
  made_by uuid not null references users (id),
  created_at timestamptz not null,
  unique (made_by, name)
);

-- A row of the library's CSV. "cells" holds it until its piece is made; afterwards its digest tells whether the row was
-- changed. A piece that was never submitted can be deleted, so nothing refers to it by key.
create table batch_items (
  batch_id uuid not null references batches (id),
  n integer not null check (n >= 1),
  line integer not null check (line >= 1),
  source text not null check (source <> ''),
  is_link boolean not null,
  cells text not null default '',
  digest text not null check (length(digest) = 64),
  asset_id uuid,
  version_id uuid,
  imported_at timestamptz,
  primary key (batch_id, n),
  unique (batch_id, source),
  check ((imported_at is null) = (asset_id is null) and (imported_at is null) = (version_id is null))
);

create index batch_items_asset on batch_items (asset_id);
