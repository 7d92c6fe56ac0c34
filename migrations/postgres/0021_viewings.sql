-- +goose Up

-- How long people with an account looked at a version on its page: one row until they pause for half an hour. It is personal data
-- with an end, as usage_events is, so nothing refers to it and it refers to nothing.

-- pages is a JSON array: for how many ms each page of the preview was visible, the first one first. pulse is what tells time that
-- is told twice; it goes when the viewing has ended.
create table viewings (
  id uuid not null primary key,
  user_id uuid,
  asset_id uuid not null,
  version_id uuid not null,
  started_at timestamptz not null,
  last_at timestamptz not null,
  visible_ms bigint not null default 0 check (visible_ms >= 0),
  page_count integer not null default 0 check (page_count >= 0),
  pages text not null default '[]',
  qualifies boolean not null,
  pulse text not null default '',
  ended boolean not null default false,
  check (last_at >= started_at)
);

create unique index viewings_going on viewings (user_id, version_id) where not ended;
create index viewings_open on viewings (last_at) where not ended;
create index viewings_user on viewings (user_id, version_id, last_at);
create index viewings_asset on viewings (asset_id) where qualifies;
create index viewings_last on viewings (last_at);
