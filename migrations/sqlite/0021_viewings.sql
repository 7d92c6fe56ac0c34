-- +goose Up

-- How long people with an account looked at a version on its page: one row until they pause for half an hour. It is personal data
-- with an end, as usage_events is, so nothing refers to it and it refers to nothing.

-- pages is a JSON array: for how many ms each page of the preview was visible, the first one first. pulse is what tells time that
-- is told twice; it goes when the viewing has ended.
create table viewings (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  user_id text,
  asset_id text not null,
  version_id text not null,
  started_at datetime not null check (typeof(started_at) = 'text' and started_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  last_at datetime not null check (typeof(last_at) = 'text' and last_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  visible_ms integer not null default 0 check (typeof(visible_ms) = 'integer' and visible_ms >= 0),
  page_count integer not null default 0 check (typeof(page_count) = 'integer' and page_count >= 0),
  pages text not null default '[]',
  qualifies boolean not null check (typeof(qualifies) = 'integer' and qualifies in (0, 1)),
  pulse text not null default '',
  ended boolean not null default 0 check (typeof(ended) = 'integer' and ended in (0, 1)),
  check (last_at >= started_at)
) without rowid;

create unique index viewings_going on viewings (user_id, version_id) where not ended;
create index viewings_open on viewings (last_at) where not ended;
create index viewings_user on viewings (user_id, version_id, last_at);
create index viewings_asset on viewings (asset_id) where qualifies;
create index viewings_last on viewings (last_at);
