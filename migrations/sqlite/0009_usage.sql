-- +goose Up

-- What happens in the field. Events are personal data with an end: retention deletes them and anonymising clears the
-- person, so nothing here is guarded by the gate and nothing refers by key to what may go.

create table usage_events (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  kind text not null check (kind in ('view', 'download', 'share', 'present')),
  asset_id text not null,
  version_id text,
  user_id text,
  occurred_at datetime not null check (typeof(occurred_at) = 'text' and occurred_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  recorded_at datetime not null check (typeof(recorded_at) = 'text' and recorded_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  search_id text,
  opportunity text not null default '',
  dwell_ms integer check (dwell_ms >= 0),
  reaction text not null default '',
  qualifies boolean not null default 0 check (typeof(qualifies) = 'integer' and qualifies in (0, 1))
) without rowid;

create index usage_events_asset on usage_events (asset_id, occurred_at);
create index usage_events_user on usage_events (user_id, occurred_at);
create index usage_events_occurred on usage_events (occurred_at);

-- What a search showed, in its order, is one value: it is written with the search, read for a search that comes again, and
-- nobody asks it the other way round.
create table searches (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  user_id text,
  q text not null default '',
  filters text not null default '',
  sort text not null default '',
  total integer not null default 0 check (total >= 0),
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  settled_at datetime not null check (typeof(settled_at) = 'text' and settled_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  shown text not null default '[]' check (json_type(shown) = 'array')
) without rowid;

create index searches_user on searches (user_id, at);
create index searches_at on searches (at);

-- Cumulative counts of qualifying uses, and of buyers that were engaged, up to and with that day, so that a window is the difference of two rows. A report
-- reads two rows of every piece and takes each as one text, "day found opened taken used engaged day-of-the-last-use": putting that
-- together for every report cost as much as finding the rows.
create table usage_totals (
  asset_id text not null,
  day text not null check (day glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  found integer not null default 0 check (found >= 0),
  opened integer not null default 0 check (opened >= 0),
  taken integer not null default 0 check (taken >= 0),
  used integer not null default 0 check (used >= 0),
  engaged integer not null default 0 check (engaged >= 0),
  last_used_on text check (last_used_on glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  as_text text generated always as (day || ' ' || found || ' ' || opened || ' ' || taken || ' ' || used || ' ' || engaged || ' ' || coalesce(last_used_on, '')) stored,
  primary key (asset_id, day)
) without rowid;

-- The newest row of totals of each piece, as its text: what is true now of all pieces is read in one go.
create table usage_latest (
  asset_id text not null primary key,
  totals text not null
) without rowid;

-- How often the totals of a day changed, once those of a later day had begun. Totals of past days are kept in memory between
-- reports; the sum of this up to a day tells whether they still hold.
create table usage_days (
  day text not null check (day glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]') primary key,
  changes integer not null check (changes > 0)
) without rowid;
