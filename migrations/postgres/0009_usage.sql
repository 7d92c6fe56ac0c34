-- +goose Up

-- What happens in the field. Events are personal data with an end: retention deletes them and anonymising clears the
-- person, so nothing here is guarded by the gate and nothing refers by key to what may go.

create table usage_events (
  id uuid not null primary key,
  kind text not null check (kind in ('view', 'download', 'share', 'present')),
  asset_id uuid not null,
  version_id uuid,
  user_id uuid,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  search_id uuid,
  opportunity text not null default '',
  dwell_ms bigint check (dwell_ms >= 0),
  reaction text not null default '',
  qualifies boolean not null default false
);

create index usage_events_asset on usage_events (asset_id, occurred_at);
create index usage_events_user on usage_events (user_id, occurred_at);
create index usage_events_occurred on usage_events (occurred_at);

-- What a search showed, in its order, is one value: it is written with the search, read for a search that comes again, and
-- nobody asks it the other way round.
create table searches (
  id uuid not null primary key,
  user_id uuid,
  q text not null default '',
  filters text not null default '',
  sort text not null default '',
  total bigint not null default 0 check (total >= 0),
  at timestamptz not null,
  settled_at timestamptz not null,
  shown uuid[] not null default '{}'
);

create index searches_user on searches (user_id, at);
create index searches_at on searches (at);

-- Cumulative counts of qualifying uses, and of buyers that were engaged, up to and with that day, so that a window is the difference of two rows. A report
-- reads two rows of every piece and takes each as one text, "day found opened taken used engaged day-of-the-last-use": putting that
-- together for every report cost as much as finding the rows.
create table usage_totals (
  asset_id uuid not null,
  day text not null check (day ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$'),
  found bigint not null default 0 check (found >= 0),
  opened bigint not null default 0 check (opened >= 0),
  taken bigint not null default 0 check (taken >= 0),
  used bigint not null default 0 check (used >= 0),
  engaged bigint not null default 0 check (engaged >= 0),
  last_used_on text check (last_used_on ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$'),
  as_text text generated always as (day || ' ' || found::text || ' ' || opened::text || ' ' || taken::text || ' ' || used::text || ' ' || engaged::text || ' ' || coalesce(last_used_on, '')) stored,
  primary key (asset_id, day)
);

-- The newest row of totals of each piece, as its text: what is true now of all pieces is read in one go.
create table usage_latest (
  asset_id uuid not null primary key,
  totals text not null
) with (fillfactor = 50);

-- How often the totals of a day changed, once those of a later day had begun. Totals of past days are kept in memory between
-- reports; the sum of this up to a day tells whether they still hold.
create table usage_days (
  day text not null check (day ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$') primary key,
  changes bigint not null check (changes > 0)
);
