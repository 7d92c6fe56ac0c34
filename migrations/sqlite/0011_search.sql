-- +goose Up

-- What search goes by beside the pieces: terms that mean the same, and queries that many people ask.

create table synonym_groups (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  changed_at datetime not null check (typeof(changed_at) = 'text' and changed_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
) without rowid;

-- The key is the same for terms that a query cannot tell apart; it stands once in the whole table.
create table synonym_terms (
  group_id text not null references synonym_groups (id),
  position integer not null check (position >= 0),
  term text not null check (term <> ''),
  term_key text not null unique check (term_key <> ''),
  primary key (group_id, position)
) without rowid;

-- Counted anew from time to time. It holds nothing that fewer than five people asked.
create table popular_queries (
  q text not null primary key check (q <> ''),
  people integer not null check (people >= 5)
) without rowid;
