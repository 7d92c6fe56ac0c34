-- +goose Up

-- What search goes by beside the pieces: terms that mean the same, and queries that many people ask.

create table synonym_groups (
  id uuid not null primary key,
  changed_at timestamptz not null
);

-- The key is the same for terms that a query cannot tell apart; it stands once in the whole table.
create table synonym_terms (
  group_id uuid not null references synonym_groups (id),
  position bigint not null check (position >= 0),
  term text not null check (term <> ''),
  term_key text not null unique check (term_key <> ''),
  primary key (group_id, position)
);

-- Counted anew from time to time. It holds nothing that fewer than five people asked.
create table popular_queries (
  q text not null primary key check (q <> ''),
  people bigint not null check (people >= 5)
);
