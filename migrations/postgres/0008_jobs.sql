-- +goose Up

-- Work that follows a change, enqueued in the transaction of that change. A finished job is deleted.

create table jobs (
  id uuid not null primary key,
  kind text not null check (kind <> ''),
  key text not null,
  state text not null default 'ready' check (state in ('ready', 'running', 'dead')),
  run_at timestamptz not null,
  attempt bigint not null default 0 check (attempt >= 0),
  max_attempts bigint not null default 10 check (max_attempts >= 0),
  lease_until timestamptz,
  last_error text not null default '',
  created_at timestamptz not null default now()
);

-- Enqueueing twice what has not begun is one job. The key comes first in these indexes: led by the kind, SQLite would
-- claim by them, and sort all that is ready for each claim.
create unique index jobs_once on jobs (key, kind) where state = 'ready';
create index jobs_ready on jobs (run_at, id) where state = 'ready';
create index jobs_lease on jobs (lease_until) where state = 'running';

-- The same work never runs twice at the same time.
create unique index jobs_running on jobs (key, kind) where state = 'running';
create index jobs_dead on jobs (key, kind) where state = 'dead';
